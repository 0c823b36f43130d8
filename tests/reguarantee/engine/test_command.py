"""`manage.py replay` as a program: no database, no servers, exit code 2 and one sentence for bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reguarantee.engine.terms import N_4222, document, member_to_group, quota

CHECKOUT = Path(__file__).parents[3]
HEADER = "loss_id,date,guaranteed_fen,principal_fen,interest_fen,released_base_fen"
SOUND = "L1,2026-03-01,400000000,400000000,6000000,"
# Whoever tries to reach a server, or to start one, dies at once.
NO_SERVERS = """
import socket, subprocess
def refuse(*a, **k):
    raise SystemExit("a server was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = refuse
subprocess.Popen.__init__ = refuse
"""


def run(folder: Path, terms: Any, losses: bytes | str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(NO_SERVERS, encoding="utf-8")
    terms_path, losses_path = folder / "terms.json", folder / "losses.csv"
    terms_path.write_text(terms if isinstance(terms, str) else json.dumps(terms), encoding="utf-8")
    losses_path.write_bytes(losses if isinstance(losses, bytes) else losses.encode())
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")}
    environment = {**kept, "PYTHONPATH": str(folder), "ZAIDAN_EMBEDDED": "off", "PYTHONUTF8": "1"}
    command = [sys.executable, str(CHECKOUT / "manage.py"), "replay", str(terms_path), str(losses_path), *options]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, timeout=120, check=False)


def test_it_answers_where_no_server_can_start(tmp_path: Path) -> None:
    both = [document(quota(**N_4222)), document(member_to_group("EXCESS", attachment_fen=150_000_000), code="X")]
    done = run(tmp_path, both, f"\ufeff{HEADER}\r\n{SOUND}\r\n\r\nL2,2026-03-02,,,,\r\n", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == {"losses", "totals"}
    assert [set(loss) for loss in answer["losses"]] == [{"loss_id", "shares", "layers"}] * 2
    assert set(answer["losses"][0]["layers"][0]) == {"order", "kind", "from", "to", "fen", "why"}
    assert answer["totals"] == {"bank": 80_000_000, "member": 150_000_000, "group": 90_000_000, "nfgf": 80_000_000, "gov": 0}
    plain = run(tmp_path, both, f"{HEADER}\n{SOUND}\n")
    assert plain.returncode == 0 and "member 1,500,000.00" in plain.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("terms", "losses", "named"),
    [
        (document(quota(**N_4222)), f"{HEADER}\n{SOUND}\nL2,2026-13-01,1,1,1,1\n", ("3", "date", "2026-13-01")),
        (document(quota(**N_4222)), f"{HEADER}\nL1,2026-03-01,1,{'9' * 40},1,1\n", ("2", "principal_fen", "999")),
        (document(quota(**N_4222)), "", ("1", "loss_id")),
        (document(quota(bank="0.20", member="0.40")), f"{HEADER}\n{SOUND}\n", ("terms.json", "layers[0].shares", "0.60")),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path: Path, terms: Any, losses: Any, named: tuple[str, ...]) -> None:
    done = run(tmp_path, terms, losses, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert all(part in done.stderr for part in named), done.stderr
