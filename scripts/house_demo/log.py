"""Home Assistant's log file: what in it tells of a fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import re

_HEADER = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?P<level>[A-Z]+) \(.*?\) \[(?P<logger>.+?)\] (?P<message>.*)"
)
_FAULTS = re.compile(
    r"Traceback \(most recent call last\)"
    r"|Detected blocking call"
    r"|Detected that (custom )?integration"
    r"|was never (awaited|retrieved)"
    r"|is taking over \d+ seconds"
)

# A start without ffmpeg and libturbojpeg, which only cameras and speech need.
HARMLESS = frozenset(
    {
        (
            "haffmpeg.core",
            "FFmpeg fails [Errno 2] No such file or directory: 'ffmpeg'",
        ),
        (
            "homeassistant.components.camera.img_util",
            "Error loading libturbojpeg; Camera snapshot performance will be sub-optimal",
        ),
    }
)


@dataclass(frozen=True)
class Record:
    """One entry of the log; the text goes on over the lines of a traceback."""

    level: str
    logger: str
    text: str

    @property
    def message(self) -> str:
        """Return the first line."""
        return self.text.partition("\n")[0]

    @property
    def is_fault(self) -> bool:
        """Return whether somebody should look at it."""
        if (self.logger, self.message) in HARMLESS:
            return False
        return self.level in ("ERROR", "CRITICAL") or bool(_FAULTS.search(self.text))


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the entries of a log; lines before the first one make an entry without a level."""
    level = logger = ""
    text: list[str] = []
    for line in lines:
        if not (header := _HEADER.match(line)):
            text.append(line.rstrip("\n"))
            continue
        if text:
            yield Record(level, logger, "\n".join(text))
        level, logger = header["level"], header["logger"]
        text = [header["message"]]
    if text:
        yield Record(level, logger, "\n".join(text))


def faults(lines: Iterable[str]) -> list[Record]:
    """Return the entries that tell of a fault."""
    return [record for record in records(lines) if record.is_fault]
