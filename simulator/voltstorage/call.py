"""One authenticated call, as the endpoints see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .account import Account
from .errors import ForbiddenError, InvalidError
from .fleet import Group
from .product import VENDOR, Product
from .query import Query

if TYPE_CHECKING:
    from .cloud import VoltStorageCloud


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of an account; `in_path` holds what stands in the path instead of the query."""

    path: str
    query: Query
    in_path: Mapping[str, str]
    account: Account
    cloud: VoltStorageCloud

    def now(self) -> datetime:
        """Return house time."""
        return self.cloud.clock.house_now()

    def products(self) -> list[tuple[Group, Product]]:
        """Return the products that the account may see, brought up to date."""
        shown = [
            (group, product)
            for group, product in self.account.products()
            if not self._hidden(product)
        ]
        for _, product in shown:
            product.settle()
        return shown

    def product(self) -> Product:
        """Return the product that the call names, brought up to date."""
        number = self.query.whole("productId")
        if (text := self.in_path.get("product_id")) is not None:
            if not text.isdigit():
                raise InvalidError("productId must be a whole number")
            number = int(text)
        if number is None:
            raise InvalidError("productId is required")
        return self.known(number)

    def known(self, number: int) -> Product:
        """Return a product by its id; what is not the account's own is said no more of."""
        for _, product in self.account.products():
            if product.id == number and not self._hidden(product):
                product.settle()
                return product
        raise ForbiddenError

    def _hidden(self, product: Product) -> bool:
        """Return whether a fault hides a product."""
        return self.cloud.switchboard.affects(VENDOR, "missing_device", product.serial)
