"""Modbus RTU frames, as far as a data logger tunnels them."""

_READS = frozenset({3, 4})
_READ_LENGTH = 8
_SHORTEST = 4
_MOST_REGISTERS = 125
_ILLEGAL_FUNCTION = 1
_ILLEGAL_VALUE = 3


def checksum(frame: bytes) -> bytes:
    """Return the CRC that ends a frame."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc.to_bytes(2, "little")


def answer_frame(frame: bytes) -> bytes | None:
    """Return the answer to a frame, or None where a device stays silent, as it does on a bad CRC."""
    if len(frame) < _SHORTEST or checksum(frame[:-2]) != frame[-2:]:
        return None
    address, function = frame[0], frame[1]
    if function not in _READS:
        return _framed(bytes([address, function | 0x80, _ILLEGAL_FUNCTION]))
    count = int.from_bytes(frame[4:6]) if len(frame) == _READ_LENGTH else 0
    if not 1 <= count <= _MOST_REGISTERS:
        return _framed(bytes([address, function | 0x80, _ILLEGAL_VALUE]))
    return _framed(bytes([address, function, 2 * count]) + bytes(2 * count))


def _framed(body: bytes) -> bytes:
    """Return a frame with its CRC."""
    return body + checksum(body)
