"""The certificate that the unit signs itself."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import (
    CertificateBuilder,
    Name,
    NameAttribute,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

_AGE = timedelta(days=1)
_LIFE = timedelta(days=3650)


class SelfSigned:
    """A TLS context with a certificate that nobody else vouches for, and that names no address."""

    def __init__(self, name: str) -> None:
        """Make the first certificate."""
        self.context = SSLContext(PROTOCOL_TLS_SERVER)
        self._name = Name([NameAttribute(NameOID.COMMON_NAME, name)])
        self.fingerprint = ""
        self.renew()

    def renew(self) -> str:
        """Use another certificate from the next connection on, and return its SHA-256 in hex."""
        key = generate_private_key(SECP256R1())
        now = datetime.now(UTC)
        certificate = (
            CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(random_serial_number())
            .not_valid_before(now - _AGE)
            .not_valid_after(now + _LIFE)
            .sign(key, SHA256())
        )
        private = key.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        with TemporaryDirectory() as folder:
            chain = Path(folder) / "chain.pem"
            chain.write_bytes(private + certificate.public_bytes(Encoding.PEM))
            self.context.load_cert_chain(chain)
        self.fingerprint = sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
        return self.fingerprint
