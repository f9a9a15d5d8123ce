from __future__ import annotations

import os
import shutil
from pathlib import Path

from studyapp.course.fingerprint import content_hash, stat_signature


def test_an_unchanged_course_keeps_both(sample: Path) -> None:
    assert stat_signature(sample) == stat_signature(sample)
    assert content_hash(sample) == content_hash(sample)


def test_an_edit_changes_both(sample: Path) -> None:
    before = stat_signature(sample), content_hash(sample)
    page = sample / "pages" / "s01.md"
    page.write_text(page.read_text() + "more\n")
    assert stat_signature(sample) != before[0]
    assert content_hash(sample) != before[1]


def test_touching_a_file_changes_the_signature_only(sample: Path) -> None:
    before = stat_signature(sample), content_hash(sample)
    os.utime(sample / "s01.yaml", ns=(1, 1))
    assert stat_signature(sample) != before[0]
    assert content_hash(sample) == before[1]


def test_a_renamed_file_changes_the_hash(sample: Path) -> None:
    before = content_hash(sample)
    (sample / "s02.yaml").rename(sample / "s03.yaml")
    assert content_hash(sample) != before


def test_a_copy_elsewhere_has_the_same_hash(sample: Path, tmp_path: Path) -> None:
    assert content_hash(Path(shutil.copytree(sample, tmp_path / "elsewhere"))) == content_hash(sample)


def test_hidden_files_and_backups_do_not_count(sample: Path) -> None:
    before = stat_signature(sample), content_hash(sample)
    (sample / ".s01.yaml.swp").write_text("x")
    (sample / "s01.yaml~").write_text("x")
    assert (stat_signature(sample), content_hash(sample)) == before
