"""The VoltStorage cloud with its accounts, groups and products."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ..calls import LoggedCall
from ..clock import Clock
from ..faults import Switchboard
from ..jsontypes import Json, JsonObject
from ..lot import Lot
from ..past import Witness
from ..server import LocalServer
from .account import Accounts
from .app import build_app
from .export import COLUMNS
from .fleet import build_groups
from .latest import WORDS
from .paths import STREAM, Paths
from .product import VENDOR, Product
from .state import group_state, product_state
from .stream import Stream

_PAGE_SIZE = 25
# The longest day has 25 hours.
_LONGEST_EXPORT_S = 25 * 3600


class VoltStorageCloud:
    """A server that speaks the cloud's REST and its stream.

    What the documents leave open can be set: `takes_header` and `takes_query`
    (where a token counts), `page_size` (without `count`), `includes_time`
    (without `includeTime`), `separator_bug`, `longest_export_s`, `columns` of the
    export, and `words`, the names of the values in the stream and in latest data.
    """

    name = VENDOR

    def __init__(
        self,
        stations: Sequence[str],
        lot: Lot,
        *,
        port: int = 0,
        undocumented: bool = True,
    ) -> None:
        """Build the groups, and open one account that sees all of them."""
        self.clock: Clock = lot.clock
        self.switchboard: Switchboard = lot.switchboard
        self.accounts = Accounts(VENDOR, lot.seed)
        self.paths = Paths(served=undocumented)
        self.calls: list[LoggedCall] = []
        self.takes_header = True
        self.takes_query = True
        self.page_size = _PAGE_SIZE
        self.includes_time = False
        self.separator_bug = True
        self.longest_export_s = _LONGEST_EXPORT_S
        self.columns: Sequence[str] = COLUMNS
        self.words = dict(WORDS)
        self._groups = tuple(build_groups(stations, lot))
        self._main = self.accounts.open(list(self._groups))
        self.stream = Stream(self)
        self._port = port
        self.server = LocalServer(build_app(self), port=port)
        lot.switchboard.before_change(self.settle)

    @property
    def base_url(self) -> str:
        """Return the server's address with the prefix of REST."""
        return f"{self.server.base_url}/rest"

    @property
    def stream_url(self) -> str | None:
        """Return the address of the stream, or None where it is not served."""
        template = self.paths.as_json().get(STREAM)
        host = self.server.base_url.partition("://")[2]
        return None if template is None else f"ws://{host}{template}"

    @property
    def email(self) -> str:
        """Return the e-mail address of the first account."""
        return self._main.email

    @property
    def password(self) -> str:
        """Return the password of the first account."""
        return self._main.password

    @property
    def inverters(self) -> list[Product]:
        """Return all products, brought up to date."""
        self.settle()
        return [product for group in self._groups for product in group.products]

    def product(self, number: int) -> Product:
        """Return a product by its id, brought up to date."""
        for product in self.inverters:
            if product.id == number:
                return product
        raise KeyError(number)

    def add_account(self, ids: Iterable[int]) -> tuple[str, str]:
        """Return e-mail address and password of another account, which sees the groups of some products."""
        wanted = set(ids)
        account = self.accounts.open(
            [
                group
                for group in self._groups
                if wanted & {product.id for product in group.products}
            ]
        )
        return account.email, account.password

    def change_password(self) -> str:
        """Return a new password for the first account; tokens stay good."""
        self._main.password = self.accounts.new_password()
        return self._main.password

    def settle(self) -> None:
        """Let every house catch up with house time."""
        for group in self._groups:
            for product in group.products:
                product.settle()

    async def start(self) -> None:
        """Serve."""
        await self.server.start()

    async def stop(self) -> None:
        """Stop serving: connections are refused. It can be started again, at the same address."""
        await self.server.stop()
        self.server = LocalServer(build_app(self), port=self.server.port)

    def describe(self) -> JsonObject:
        """Return what a client needs in order to connect."""
        return {
            "base_url": self.base_url,
            "stream_url": self.stream_url,
            "paths": self.paths.as_json(),
            "email": self.email,
            "password": self.password,
            "groups": [group_state(group) for group in self._groups],
        }

    def witnesses(self) -> dict[str, Witness]:
        """Return what groups and products have seen, both by their ids."""
        found: dict[str, Witness] = {}
        for group in self._groups:
            house = group.products[0].house
            found[str(group.id)] = Witness(house=house, units=house.units, at_ac=True)
            for product in group.products:
                found[str(product.id)] = Witness(
                    house=house, units=(product.unit,), at_ac=True
                )
        return found

    def state(self) -> JsonObject:
        """Return all that the products hold, and the calls that arrived."""
        refused: Json = sum(1 for call in self.calls if call.errno)
        return {
            "calls": {
                "total": len(self.calls),
                "refused": refused,
                "by_path": dict(Counter(call.path for call in self.calls)),
            },
            "listeners": list(self.stream.listeners),
            "products": [product_state(product) for product in self.inverters],
            "groups": [group_state(group) for group in self._groups],
        }
