"""Set-up and service: what `make run` promises beyond the servers."""

from __future__ import annotations

import os
import platform
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.bootstrap import catalogues
from infra.bootstrap.children import Child, end_all
from infra.bootstrap.progress import Progress, StepFailed
from infra.embedded import CHECKOUT
from infra.embedded.server import alive

LOCKS = ["requirements.lock", "requirements-dev.lock", "infra/bootstrap/uv.txt", "infra/bootstrap/node.txt"]


def test_pythons_own_platform_module_is_not_shadowed() -> None:
    assert platform.python_implementation()
    assert Path(platform.__file__).parent != CHECKOUT
    assert not (CHECKOUT / "platform" / "__init__.py").exists()
    assert list((CHECKOUT / "platform").glob("*.py")) == []


@pytest.mark.parametrize("start", [["-c", "import platform; print(platform.python_implementation())"], ["manage.py", "version"]])
def test_every_way_to_start_sees_pythons_platform(start: list[str]) -> None:
    done = subprocess.run([sys.executable, *start], cwd=CHECKOUT, capture_output=True, text=True)
    assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_a_hash_for_every_package_and_name_no_host(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_two_locks_agree() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (CHECKOUT / name).read_text(), re.MULTILINE))

    assert versions("requirements.lock").items() <= versions("requirements-dev.lock").items()


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    runtime = text.split("dependencies = [", 1)[1].split("\n]\n", 1)[0]
    lines = [line.strip() for line in runtime.splitlines() if line.strip().startswith('"')]
    assert len(lines) > 20
    assert [line for line in lines if not re.search(r'",\s+# \w', line)] == []


def test_a_catalogue_is_compiled_when_its_source_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "CHECKOUT", tmp_path)
    source = tmp_path / "tenants/locale/zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Guarantee"\nmsgstr "保函"\n')
    assert catalogues.compile_stale() == [source]
    assert "保函".encode() in source.with_suffix(".mo").read_bytes()
    assert catalogues.compile_stale() == []
    source.write_text(source.read_text() + '\nmsgid "Guarantee"\nmsgstr "twice"\n')
    os.utime(source, (time.time() + 5, time.time() + 5))
    with pytest.raises(ValueError, match=r"django\.po cannot be compiled"):
        catalogues.compile_stale()


def child(tmp_path: Path, code: str) -> Child:
    return Child("sleeper", [sys.executable, "-c", code, str(tmp_path)], tmp_path / "log", tmp_path, dict(os.environ))


def test_a_child_that_dies_is_noticed_once_and_started_again_after_a_pause(tmp_path: Path) -> None:
    sleeper = child(tmp_path, "import sys; print('last words'); sys.exit(3)")
    sleeper.start()
    assert sleeper.process is not None
    sleeper.process.wait()
    assert sleeper.died() == 3
    assert sleeper.died() is None
    assert sleeper.last_words() == "last words"
    assert not sleeper.due()
    sleeper.next_start = 0
    assert sleeper.due()


def test_a_child_whose_work_is_done_does_not_start_again(tmp_path: Path) -> None:
    worker = child(tmp_path, "pass")
    worker.once = True
    worker.start()
    assert worker.process is not None
    worker.process.wait()
    assert worker.died() is None
    assert not worker.due()


def test_children_end_together_even_one_that_does_not_listen(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    sleepers = [child(tmp_path, deaf), child(tmp_path, "import time; time.sleep(60)")]
    processes = []
    for sleeper in sleepers:
        sleeper.start()
        processes.append(sleeper.process)
    while "deaf" not in sleepers[0].last_words():
        time.sleep(0.02)
    end_all(sleepers, seconds=0.5)
    assert [process.returncode for process in processes if process] == [-signal.SIGKILL, -signal.SIGTERM]


def test_kill_9_of_the_supervisor_ends_its_children(tmp_path: Path) -> None:
    code = f"""
import sys, time, os
from pathlib import Path
from infra.bootstrap.children import Child
path = Path({str(tmp_path)!r})
it = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)", str(path)], path / "log", path, dict(os.environ))
it.start()
print(it.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        assert alive(pid, str(tmp_path))
        supervisor.kill()
    limit = time.monotonic() + 10
    while alive(pid, str(tmp_path)) and time.monotonic() < limit:
        time.sleep(0.02)
    assert not alive(pid, str(tmp_path))


def test_a_stopped_set_up_ends_what_it_runs_children_included(tmp_path: Path) -> None:
    progress = Progress()
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('begun', 'w'); time.sleep(60)"
    command = ["sh", "-c", f'{sys.executable} -c "{deaf}"; true']
    step = ThreadPoolExecutor(1).submit(progress.run, command, cwd=tmp_path)
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    start = time.monotonic()
    progress.stop()
    with pytest.raises(StepFailed):
        step.result(timeout=10)
    assert time.monotonic() - start < 8
    with pytest.raises(StepFailed, match="stopped"):
        progress.run(["true"], cwd=tmp_path)
