"""The Python environment `.venv` from the hash-locked requirements; nothing but Python 3.11 and its venv module is needed."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.bootstrap.progress import Progress, StepFailed

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Only one process at a time sets up this part of the checkout."""
    folder = CHECKOUT / ".embedded"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(*paths: Path, extra: str = "") -> str:
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def prepare(progress: Progress, *, dev: bool) -> None:
    """Have `.venv` hold the locked packages and both source roots."""
    lock = CHECKOUT / ("requirements-dev.lock" if dev else "requirements.lock")
    if _done(lock):
        return
    with alone("environment"):
        if _done(lock):
            return
        if not _works():
            with progress.step("Python environment"):
                shutil.rmtree(VENV, ignore_errors=True)
                _create(progress)
        with progress.step(f"packages of {lock.name}"):
            install(progress, lock)
            _name_roots(progress)
        _marker(lock).write_text(_state(lock))
        if dev:  # it contains the other
            other = CHECKOUT / "requirements.lock"
            _marker(other).write_text(_state(other))


def install(progress: Progress, lock: Path) -> None:
    """Install a lock file; every file must have the hash that the lock names."""
    uv = VENV / "bin" / "uv"
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    if not uv.exists():
        progress.run([*pip, HERE / "uv.txt"], cwd=CHECKOUT)
    fast: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock]
    # The certificates of uv, then those of the machine (a company's proxy has its own). uv does not read pip's
    # configuration: behind a mirror that only pip knows, pip does it, more slowly.
    ways: list[list[str | Path]] = [fast, [*fast, "--system-certs"], [*pip, lock]]
    for way in ways:
        try:
            progress.run(way, cwd=CHECKOUT)
            return
        except StepFailed:
            if way is ways[-1]:
                raise


def _create(progress: Progress) -> None:
    try:
        progress.run([sys.executable, "-m", "venv", VENV], cwd=CHECKOUT)
    except StepFailed as failure:
        shutil.rmtree(VENV, ignore_errors=True)
        raise StepFailed(f"{failure}\nOn Debian and Ubuntu: apt-get install python3-venv") from failure


def _works() -> bool:
    """Whether the environment's interpreter is there and new enough (an upgrade of the system may have taken it away)."""
    try:
        settings = dict(line.split(" = ", 1) for line in (VENV / "pyvenv.cfg").read_text().splitlines() if " = " in line)
    except FileNotFoundError:
        return False
    version = tuple(int(part) for part in settings.get("version", "0").split(".")[:2])
    return PYTHON.exists() and version >= (3, 11)


def _name_roots(progress: Progress) -> None:
    """Make `.` and `platform/` importable everywhere; platform/ is a root, never a package (design.md 1.1)."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = Path(progress.run([PYTHON, "-c", code], cwd=CHECKOUT).strip())
    (folder / "zaidan.pth").write_text(f"{CHECKOUT}\n{CHECKOUT / 'platform'}\n")


def _state(lock: Path) -> str:
    return digest(lock, extra=str(CHECKOUT))


def _marker(lock: Path) -> Path:
    """One per lock file, or `make run` and `make test` would install each other's set again and again."""
    return VENV / f"{lock.name}.done"


def _done(lock: Path) -> bool:
    marker = _marker(lock)
    return PYTHON.exists() and marker.exists() and marker.read_text() == _state(lock)
