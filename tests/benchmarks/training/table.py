"""Markdown tables."""


def show(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(_text(cell) for cell in row) + " |")
    print(flush=True)


def _text(cell):
    if isinstance(cell, float):
        return f"{cell:.4g}"
    return str(cell)
