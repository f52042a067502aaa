"""Scores the rules against labelled texts: python -m tests.quality [FILE …] [--code CODE] [--misses]."""

import argparse
import json
from collections import Counter

from rules import Submission, load_rulebook, vet


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("files", nargs="+")
    ap.add_argument("--code")
    ap.add_argument("--misses", action="store_true")
    ap.add_argument("--hits", action="store_true", help="precision of each pattern")
    a = ap.parse_args()
    book = load_rulebook()
    gold = [json.loads(l) for f in a.files for l in open(f, encoding="utf-8") if l.strip()]
    tp, fp, fn = Counter(), Counter(), Counter()
    pat_ok, pat_bad = Counter(), Counter()
    level = alarms = clear = 0
    for g in gold:
        r = vet(
            Submission(text=g["text"], kind=g["kind"], platform=g["platform"], stage=g["stage"]),
            book,
        )
        want = {x["code"]: x["quote"] for x in g["risks"]}
        may = set(g.get("may") or ())
        found = set(r.codes) - may
        level += r.level in {g["level"], *(g.get("may_level") or ())}
        if g["level"] == "clear":
            clear += 1
            alarms += bool(found)
        for c in want.keys() | found:
            (tp if c in want and c in found else fp if c in found else fn)[c] += 1
        for f in r.findings:
            if f.code not in may:
                (pat_ok if f.code in want else pat_bad)[f.code, f.pattern] += 1
        if a.misses:
            for c in sorted((want.keys() | found) if not a.code else {a.code}):
                if c in want and c not in found:
                    near = [f"{e.pattern}/{e.frame}:{e.quote}" for e in r.excused if e.code == c]
                    print(
                        f"\nMISSED {c} {g['id']} {g['platform']} {g['stage']} quote: {want[c]!r} near: {near}\n{g['text']}"
                    )
                if c in found and c not in want:
                    hits = [f"{f.pattern}:{f.quote}" for f in r.findings if f.code == c]
                    print(f"\nEXTRA {c} {g['id']} {g['platform']} {g['stage']} {hits}\n{g['text']}")

    def f1(t, p, n):
        return f"P {t / (t + p) if t + p else 0:.2f} R {t / (t + n) if t + n else 0:.2f} F1 {2 * t / (2 * t + p + n) if t else 0:.3f} (n {t + n})"

    for c in sorted(tp.keys() | fp.keys() | fn.keys()):
        if not a.code or c == a.code:
            print(f"{c:26s} {f1(tp[c], fp[c], fn[c])}")
    if a.hits:
        for k in sorted(pat_ok.keys() | pat_bad.keys()):
            if not a.code or k[0] == a.code:
                print(f"   {k[0]}/{k[1]:30s} right {pat_ok[k]} wrong {pat_bad[k]}")
    print(
        "micro",
        f1(sum(tp.values()), sum(fp.values()), sum(fn.values())),
        f"level {level / len(gold):.3f} false alarms {alarms / max(clear, 1):.3f} texts {len(gold)}",
    )


main()
