"""`make run`: from a bare checkout to a served program, then stays and watches over it."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import socket
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from infra.bootstrap import assets, environment
from infra.bootstrap.catalogues import stale
from infra.bootstrap.children import Child, end_all
from infra.bootstrap.environment import CHECKOUT, PYTHON
from infra.bootstrap.progress import Progress, StepFailed
from infra.embedded import down, ensure
from infra.embedded.home import EmbeddedError

STATE = CHECKOUT / ".embedded" / "run"
CREDENTIALS = STATE / "credentials.json"


class Stop(BaseException):
    """Ctrl-C or SIGTERM."""


def run(*, port: int, host: str) -> int:
    """Serve until stopped; the exit code."""
    progress = Progress()
    claimed = _claim(port, host, progress)
    if claimed is None:
        return 1
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _stop)
    children: list[Child] = []
    try:
        env = _set_up(progress, port)
        web, *others = _children(env, port, host)
        children.append(web)
        web.start()  # reads its code while the demonstration begins
        _demonstrate(progress, env)
        for child in others:
            children.append(child)
            child.start()
        _wait_until_served(children, host, port)
        _welcome(progress, port)
        if CREDENTIALS.exists():
            # The rest of the demonstration is told while people look at its beginning; told already, it ends at once.
            rest = ["nice", "-n", "10", str(PYTHON), "manage.py", "demo", "--rest"]
            children.append(Child("demonstration", rest, STATE / "logs" / "demonstration.log", CHECKOUT, env, once=True))
        _watch(children, progress)
    except Stop:
        progress.say("\nStopping …")
        return 0
    except (StepFailed, EmbeddedError) as failure:
        progress.say(f"\n{failure}")
        return 1
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the ending
        progress.stop()
        end_all(children)
        down("run")
        os.close(claimed)
    return 0


def _stop(*_: object) -> None:
    raise Stop


def _claim(port: int, host: str, progress: Progress) -> int | None:
    """The right to be this checkout's one supervisor, on a port nobody holds."""
    STATE.mkdir(parents=True, exist_ok=True)
    claim = os.open(STATE / "supervisor", os.O_RDWR | os.O_CREAT, 0o600)  # locked while we live, however we end
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        progress.say(f"This checkout is served already (process {os.read(claim, 20).decode()}). `make down` stops it.")
        os.close(claim)
        return None
    os.truncate(claim, 0)
    os.write(claim, str(os.getpid()).encode())
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            progress.say(f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port + 1}")
            os.close(claim)
            return None
    return claim


def _set_up(progress: Progress, port: int) -> dict[str, str]:
    """Everything before the first page; what does not depend on each other runs side by side. Returns the environment."""
    progress.say("Zaidan")
    pool = ThreadPoolExecutor(max_workers=3)
    try:
        packages = pool.submit(environment.prepare, progress, dev=False)
        browser = pool.submit(assets.build, progress, wait_for_environment=packages.result)
        catalogues = pool.submit(_compile, progress, packages)
        packages.result()
        with progress.step("PostgreSQL, Valkey and S3"):
            servers = ensure("run")
        env = {**os.environ, **servers, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "infra.settings", "PYTHONUNBUFFERED": "1"}
        _migrate(progress, env)
        catalogues.result()
        browser.result()
    except BaseException:
        progress.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return env


def _compile(progress: Progress, packages: Future[None]) -> None:
    packages.result()
    with environment.alone("catalogues"):
        if stale():
            with progress.step("catalogues"):
                progress.run([PYTHON, "-m", "infra.bootstrap.catalogues"], cwd=CHECKOUT)


def _own_database() -> bool:
    return "DATABASE_URL" not in os.environ


def _migrate(progress: Progress, env: dict[str, str]) -> None:
    """Migrations when they changed; in a database that somebody named, always: it may have been put back."""
    marker = STATE / "migrated"
    sources = [CHECKOUT / "requirements.lock", *CHECKOUT.glob("platform/registry/**/*.py")]
    for top in ("platform", "tenants", "reguarantee", "member_portal", "api"):
        for kind in ("migrations/*.py", "*.sql", "furnish*.py", "permissions.py"):  # what `migrate` looks at
            sources += CHECKOUT.glob(f"{top}/**/{kind}")
    state = environment.digest(*sorted(path for path in sources if path.is_file()), extra=env["DATABASE_URL"])
    if not (_own_database() and marker.exists() and marker.read_text() == state):
        with progress.step("tables"):
            progress.run([PYTHON, "manage.py", "migrate"], cwd=CHECKOUT, env=env)
            marker.write_text(state)


def _demonstrate(progress: Progress, env: dict[str, str]) -> None:
    """The beginning of the story once, and never in a database that somebody named."""
    manage: list[str | Path] = [PYTHON, "manage.py"]
    if _own_database() and not CREDENTIALS.exists() and "demo" in _commands():
        with progress.step("the demonstration"):
            quick = {**env, "PASSWORD_HASHERS": "infra.demo.hasher.DemoHasher"}
            progress.run([*manage, "demo"], cwd=CHECKOUT, env=quick)
            told = progress.run([*manage, "demo", "--credentials", "--json"], cwd=CHECKOUT, env=env)
            CREDENTIALS.touch(mode=0o600)
            CREDENTIALS.write_text(told)


def _commands() -> set[str]:
    return {path.stem for path in CHECKOUT.glob("*/**/management/commands/*.py") if ".venv" not in path.parts}


def _children(env: dict[str, str], port: int, host: str) -> list[Child]:
    logs = STATE / "logs"
    logs.mkdir(exist_ok=True)
    celery = [str(PYTHON), "-m", "celery", "-A", "infra.celery:app"]
    workers = str(max(2, min(os.cpu_count() or 2, 8)))
    commands = {
        # Sync workers: an institution is bound to the thread that serves it (tenancy.md). Preloaded, so that they start together.
        "web": [str(PYTHON), "-m", "gunicorn", "infra.doors.wsgi:application", "--bind", f"{host}:{port}", "--workers", workers,
                "--preload", "--timeout", "120", "--graceful-timeout", "8", "--no-control-socket"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
        "clock": [*celery, "beat", "--pidfile", "", "--schedule", str(STATE / "beat"), "--loglevel", "INFO"],
    }  # fmt: skip
    children = []
    for name, argv in commands.items():
        log = logs / f"{name}.log"
        if log.exists() and log.stat().st_size > 10_000_000:
            log.unlink()
        children.append(Child(name, argv, log, CHECKOUT, env))
    return children


def _healthy(host: str, port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _wait_until_served(children: list[Child], host: str, port: int, *, seconds: float = 120) -> None:
    limit = time.monotonic() + seconds
    while not _healthy(host, port):
        for child in children:
            code = child.died()
            if code is not None:
                raise StepFailed(f"{child.name} ended with {code}:\n{child.last_words()}")
        if time.monotonic() > limit:
            raise StepFailed(f"/healthz did not answer 200 within {seconds:.0f} s:\n{children[0].last_words()}")
        time.sleep(0.1)


def _welcome(progress: Progress, port: int) -> None:
    """Where it is served and who may log in."""
    lines = [f"\nServing after {time.monotonic() - progress.began:.1f} s:", f"  http://localhost:{port}"]
    told = json.loads(CREDENTIALS.read_text()) if CREDENTIALS.exists() else []
    for entry in told:
        address = f"http://{entry['host']}:{port}"
        if not any(address in line.split() for line in lines):
            lines.append(f"  {address:38} {entry.get('house', '')}")
        lines.append(f"      {entry['email']:34} {entry['password']:18} {entry.get('role', '')}".rstrip())
    lines += [f"Logs: {_short(STATE / 'logs')}    Stop: Ctrl-C", ""]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def _short(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def _watch(children: list[Child], progress: Progress) -> None:
    """Restart what dies, servers included, until we are stopped."""
    next_look = 0.0
    while True:
        for child in children:
            code = child.died()
            if code is not None:
                progress.say(f"{child.name} ended with {code}; it starts again. See {_short(child.log)}")
            if child.due():
                child.start()
        if time.monotonic() >= next_look:
            next_look = time.monotonic() + 5
            try:
                ensure("run")
            except EmbeddedError as error:
                progress.say(str(error))
        time.sleep(0.5)
