"""``corridor evaluate``: how well the text score ranks a labelled set."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import typer

from corridor.engine.factors import Label
from corridor.engine.matching import RankingQuality, TextSearch, ranking_quality
from corridor.io import InputError, read_columns

from . import console, options


def evaluate(
    queries: options.QueriesOption,
    documents: options.DocumentsOption,
    judgements: options.JudgementsOption,
    as_json: options.JsonOption = False,
) -> None:
    """用标注集检验文字相关性排序：nDCG@10、recall@10、MRR。/ Measure the text ranking on a labelled set."""
    with console.errors_explained():
        asked = _texts(queries)
        held = _texts(documents)
        grades = _grades(judgements, asked, held)
        search = TextSearch().fit(held.items())
        runs: dict[str, list[str]] = {}
        with console.progress(Label("检索", "searching"), len(grades), quiet=as_json) as step:
            for query in grades:
                runs[query] = [document for document, _ in search.search(asked[query], top=100)]
                step(1)
        _print(ranking_quality(runs, grades), len(held), as_json=as_json)


def _texts(path: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for row, (key, text) in read_columns(path, ("id", "text")):
        if not key:
            raise InputError(path, f"第 {row} 行没有 id", f"row {row} has no id")
        if key in texts:
            raise InputError(
                path, f"第 {row} 行的 id {key} 重复", f"row {row}: id {key} comes twice"
            )
        texts[key] = text
    return texts


def _grades(path: Path, asked: dict[str, str], held: dict[str, str]) -> dict[str, dict[str, float]]:
    grades: dict[str, dict[str, float]] = {}
    for row, (query, document, written) in read_columns(path, ("query", "document", "grade")):
        for name, known in ((query, asked), (document, held)):
            if name not in known:
                raise InputError(
                    path,
                    f"第 {row} 行的 {name!r} 不在表中",
                    f"row {row}: {name!r} is not in the table",
                )
        try:
            grade = float(written)
        except ValueError:
            grade = math.nan
        if not 0 <= grade <= 100:
            raise InputError(path, f"第 {row} 行的 grade 应为 0 到 100 的数，写的是 {written!r}",
                             f"row {row}: grade must be a number from 0 to 100, got {written!r}")  # fmt: skip
        if document in grades.setdefault(query, {}):
            raise InputError(
                path,
                f"第 {row} 行：{query} 与 {document} 已标注过",
                f"row {row}: {query} and {document} are judged twice",
            )
        grades[query][document] = grade
    return grades


def _print(quality: RankingQuality, documents: int, *, as_json: bool) -> None:
    if not quality.queries:
        console.say(
            Label(
                "没有一条查询标注了相关文档，无法计算",
                "no query has a relevant document: nothing to measure",
            )
        )
        raise typer.Exit(console.DATA_ERROR)
    if as_json:
        found = asdict(quality)
        named = {f"ndcg@{quality.k}": found.pop("ndcg"), f"recall@{quality.k}": found.pop("recall")}
        typer.echo(json.dumps({**named, **found, "documents": documents}))
        return
    typer.echo(f"nDCG@{quality.k}    {quality.ndcg:.4f}")
    typer.echo(f"recall@{quality.k}  {quality.recall:.4f}")
    typer.echo(f"MRR        {quality.mrr:.4f}")
    skipped = f"，另有 {quality.skipped} 条无相关标注" if quality.skipped else ""
    console.say(Label(f"{quality.queries} 条查询、{documents} 篇文档{skipped}",
                      f"{quality.queries} queries, {documents} documents, {quality.skipped} skipped"))  # fmt: skip
