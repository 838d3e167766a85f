"""What is learnt from a handful of examples; the figures on real sets come from benchmarks/understand.py."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models import likeness
from tests.effort import examples

EXAMPLES = [
    (text.split(), label)
    for label, texts in {
        "lock": ["dörren öppnar sig inte", "låset på dörren kärvar", "vredet snurrar på dörren", "dörrlåset piper"],
        "print": ["skrivaren äter papper", "papper fastnar i skrivaren", "utskriften är tom", "skrivarens papper slut"],
        "": ["kaffet är slut", "hissen står still", "kaffet är kallt", "hissen luktar"],
    }.items()
    for text in texts
]


def best(learnt: likeness.Likeness, text: str) -> str:
    points = learnt.of(text.split())
    return max(points, key=lambda label: points[label])


def test_it_knows_what_it_has_not_seen_by_pieces_of_words_and_without_dots() -> None:
    learnt = likeness.learn(EXAMPLES)
    assert best(learnt, "ytterdörrens lås") == "lock"
    assert best(learnt, "pappret sitter fast") == "print"
    assert best(learnt, "dorrlas") == "lock"
    assert best(learnt, "kaffe") == ""


def test_points_are_centred_and_the_same_at_every_start() -> None:
    once, again = likeness.learn(EXAMPLES), likeness.learn(EXAMPLES)
    points = once.of(["dörren", "piper"])
    assert points == again.of(["dörren", "piper"])
    assert abs(sum(points.values())) < 1e-4
    assert points["lock"] - points["print"] > 0.5


def test_what_is_kept_is_what_was_learnt_and_half_a_file_is_none(tmp_path: Path) -> None:
    learnt, file = likeness.learn(EXAMPLES), tmp_path / "kept.npz"
    assert likeness.kept(file) is None
    likeness.keep(learnt, file)
    words = ["dörren", "skrivarens", "hissen"]
    assert likeness.kept(file).of(words) == learnt.of(words)
    file.write_bytes(file.read_bytes()[:-40])
    assert likeness.kept(file) is None


def test_a_comment_teaches_nothing_and_a_number_does() -> None:
    source = Path(likeness.__file__).read_text(encoding="utf-8")
    assert likeness.way() == likeness.meant(source)
    assert likeness.meant(f"# said anew\n{source.replace('  # ', '    # ')}\n") == likeness.way()
    assert likeness.meant(source.replace("COMMON = 0.02", "COMMON = 0.03")) != likeness.way()


def test_what_nobody_has_written_says_nothing() -> None:
    assert set(likeness.learn(EXAMPLES).of(["qwxz", "12345"]).values()) == {0.0}


def test_more_examples_of_a_wording_make_it_count_more() -> None:
    few = likeness.learn(EXAMPLES).of(["kaffet"])
    many = likeness.learn([*EXAMPLES, *[(["kaffet", "i", "skrivaren"], "print")] * 4]).of(["kaffet"])
    assert many["print"] - many[""] > few["print"] - few[""]


@given(st.lists(st.text(alphabet="abcåäö1 ", max_size=12), max_size=8))
@settings(max_examples=examples(100), deadline=None)
def test_any_words_will_do(words: list[str]) -> None:
    assert np.isfinite(list(likeness.learn(EXAMPLES).of(words).values())).all()
