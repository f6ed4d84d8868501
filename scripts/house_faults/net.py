"""The way to the vendors' servers: names that are resolved, and certificates that are shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
import socket
from ssl import PROTOCOL_TLS_SERVER, SSLContext, SSLObject
from typing import Any, Final
from unittest.mock import patch

from aiohttp.abc import ResolveResult
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    CertificateBuilder,
    DNSName,
    KeyUsage,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    SubjectKeyIdentifier,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

from homeassistant.helpers.aiohttp_client import HassAsyncDNSResolver
from homeassistant.util.ssl import SSL_ALPN_HTTP11, client_context
from simulator.server import HOST, LocalServer

# No such name is anybody's.
NAME: Final = "vendor.test"
_OTHER_NAME: Final = "other.test"
_YEAR: Final = timedelta(days=365)
_DAY: Final = timedelta(days=1)
_SIGNING: Final = KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """Who vouches for servers."""

    def __init__(self, folder: Path, name: str) -> None:
        """Make its own certificate, which stands in `file`."""
        self._folder = folder
        self._name = name
        self._key = generate_private_key(SECP256R1())
        self._serial = 0
        self.file = folder / f"{name}.pem"
        certificate = (
            self._builder(name, self._key, until=_YEAR)
            .add_extension(BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_SIGNING, critical=True)
            .sign(self._key, SHA256())
        )
        self.file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def context(self, name: str, *, until: timedelta = _YEAR) -> SSLContext:
        """Return what a server of a name shows, with a certificate that ends then."""
        key = generate_private_key(SECP256R1())
        certificate = (
            self._builder(name, key, until=until)
            .add_extension(SubjectAlternativeName([DNSName(name)]), critical=False)
            .sign(self._key, SHA256())
        )
        self._serial += 1
        chain = self._folder / f"{self._name}{self._serial}.pem"
        chain.write_bytes(_pem(key) + certificate.public_bytes(Encoding.PEM))
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    def _builder(
        self, name: str, key: EllipticCurvePrivateKey, *, until: timedelta
    ) -> CertificateBuilder:
        """Return a certificate that has yet to be signed."""
        now = datetime.now(UTC)
        return (
            CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self._name))
            .public_key(key.public_key())
            .serial_number(random_serial_number())
            .not_valid_before(now - _YEAR)
            .not_valid_after(now + until)
            .add_extension(
                SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )


def _named(name: str) -> Name:
    """Return a name as certificates have it."""
    return Name([NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    """Return a key as files have it."""
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )


class Net:
    """What stands between Home Assistant and a vendor, and can fail.

    Attributes:
        resolves: Whether names are found.
    """

    def __init__(self, folder: Path) -> None:
        """Make all certificates, and show the right one."""
        self.resolves = True
        authority, stranger = (
            Authority(folder, "Authority"),
            Authority(folder, "Nobody"),
        )
        self._trusted = authority.file
        self._right = authority.context(NAME)
        self._shown: SSLContext | None = None
        self._wrong = {
            "wrong name": authority.context(_OTHER_NAME),
            "expired": authority.context(NAME, until=-_DAY),
            "untrusted": stranger.context(NAME),
        }

    def guard(self, server: LocalServer) -> None:
        """Have a server encrypt, and choose what it shows."""
        server.tls = server.tls or self._right
        server.tls.sni_callback = self._choose

    def show(self, certificate: str | None = None) -> None:
        """Have servers show a wrong certificate, or the right one again."""
        self._shown = None if certificate is None else self._wrong[certificate]

    def _choose(self, server: SSLObject, _name: str, _context: SSLContext) -> None:
        """Choose what a server shows."""
        if self._shown is not None:
            server.context = self._shown

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have Home Assistant find every server by its name, and trust the authority."""

        async def resolve(
            _resolver: object, host: str, port: int = 0, family: Any = socket.AF_INET
        ) -> list[ResolveResult]:
            """Return the one address that there is."""
            if not self.resolves:
                raise OSError(None, "Domain name not found")
            return [
                ResolveResult(
                    hostname=host,
                    host=HOST,
                    port=port,
                    family=socket.AF_INET,
                    proto=0,
                    flags=socket.AI_NUMERICHOST,
                )
            ]

        client_context(alpn_protocols=SSL_ALPN_HTTP11).load_verify_locations(
            self._trusted
        )
        with patch.object(HassAsyncDNSResolver, "resolve", resolve):
            yield
