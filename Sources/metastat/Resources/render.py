"""Renders the Vega-Lite specifications of a folder as SVG and PNG.

Usage: render.py FOLDER NAME...   (NAME.vl.json is read; a NAME ending in ':png' gets no SVG)
Exit codes: 0 done, 3 the module vl_convert is missing, 4 a specification cannot be drawn.
"""
import ctypes
import json
import re
import sys
from xml.sax.saxutils import escape, quoteattr

try:
    # Ends with the program that started it (Linux: PR_SET_PDEATHSIG, SIGKILL), and has a network of its own
    # with nothing in it (CLONE_NEWNET, if need be with CLONE_NEWUSER), where the system allows that.
    LIBC = ctypes.CDLL(None)
    LIBC.prctl(1, 9)
    if LIBC.unshare(0x40000000) != 0:
        LIBC.unshare(0x50000000)
except (AttributeError, OSError, TypeError):
    pass

try:
    import vl_convert
except ImportError:
    sys.exit(3)

INK = "#1b1b1b"


def tidy(svg, name, description):
    """The SVG with ids of its own, one role, one alternative text, and its own dark mode."""
    numbers = {}

    def own(match):
        number = numbers.setdefault(match.group(2), len(numbers))
        return f"{match.group(1)}{name}-{number}{match.group(3)}"

    def clean(match):
        tag = match.group(0)
        tag = re.sub(r' (?:role|aria-\w+|pointer-events)="[^"]*"', "", tag)
        tag = re.sub(r' (?:opacity="1"|stroke-width="0"|display="none"|class="[^"]*")', "", tag)
        tag = re.sub(r' font-family="Liberation Sans[^"]*"', "", tag)
        tag = re.sub(r'( id=")([^"]*)(")', own, tag)
        tag = re.sub(r'(url\(#)([^)]*)(\))', own, tag)
        if tag.startswith("<image"):
            tag = tag.replace("<image", '<image style="image-rendering:pixelated"', 1)
        return tag

    svg = re.sub(r"<[^>]*>", clean, svg)
    svg = re.sub(r'<path d="(?:M0,0h0v0h0Z)?"[^>]*/>', "", svg)
    head = (
        f' role="img" aria-label={quoteattr(description, {chr(10): " "})}'
        ' font-family="Liberation Sans, Arial, Helvetica, sans-serif">'
        f"<style>#{name}{{color:{INK}}}@media(prefers-color-scheme:dark){{#{name}{{color:#eee}}}}"
        "</style>"
    )
    svg = svg.replace("<svg ", f'<svg id="{name}" ', 1)
    return svg.replace(">", head, 1) + "\n"


def main():
    folder = sys.argv[1]
    for argument in sys.argv[2:]:
        name, _, only = argument.partition(":")
        try:
            with open(f"{folder}/{name}.vl.json", encoding="utf-8") as file:
                specification = json.load(file)
            svg = vl_convert.vegalite_to_svg(specification)
            if not only:
                with open(f"{folder}/{name}.svg", "w", encoding="utf-8", newline="\n") as file:
                    file.write(tidy(svg, f"figure-{name}", specification.get("description", "")))
            paper = svg.replace("currentColor", INK)
            paper = paper.replace("<image ", '<image image-rendering="optimizeSpeed" ')
            paper = re.sub(
                r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" fill="#ffffff"/>', paper, count=1
            )
            png = vl_convert.svg_to_png(paper, scale=1 if only else 2)
            with open(f"{folder}/{name}.png", "wb") as file:
                file.write(png)
        except Exception as error:
            print(f"{name}: {escape(str(error))}", file=sys.stderr)
            sys.exit(4)


main()
