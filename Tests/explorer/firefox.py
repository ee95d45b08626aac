"""Opens every view of an explorer in Firefox, at 1,280 and 360 points of width, light and dark.

Usage: firefox.py PAGE [SCREENSHOTS]
Speaks Marionette, which Firefox brings along. A window is never narrower than 450 points, so a phone is a frame.
"""
import base64
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

page = pathlib.Path(sys.argv[1]).resolve().as_uri()
shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
VIEWS = ["findings", "items", "map", "papers", "scatter", "groups", "claims", "definitions"]
faults = []


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Firefox:
    """A Firefox without a window, with a profile of its own."""

    def __init__(self, profile, is_dark):
        port = free_port()
        settings = {"marionette.port": port, "ui.systemUsesDarkTheme": int(is_dark), "browser.shell.checkDefaultBrowser": False,
                    "layout.css.prefers-color-scheme.content-override": 0 if is_dark else 1}
        pathlib.Path(profile, "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()))
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", profile, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(120):
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            except OSError:
                time.sleep(0.5)
        self.count = 0
        self.receive()
        self("WebDriver:NewSession", {})
        self("WebDriver:SetWindowRect", {"width": 1280, "height": 985})

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self.socket.recv(1)
        text = b""
        while len(text) < int(length[:-1]):
            text += self.socket.recv(int(length[:-1]) - len(text))
        return json.loads(text)

    def __call__(self, command, values):
        self.count += 1
        message = json.dumps([0, self.count, command, values]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        error, value = self.receive()[2:]
        if error:
            raise RuntimeError(error["message"])
        return value

    def run(self, script):
        return self("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]

    def end(self):
        try:
            self("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (OSError, ValueError):
            pass
        self.process.wait(timeout=30)


def walk(firefox, folder, is_dark):
    scheme = "dark" if is_dark else "light"
    for width in (1280, 360):
        for view in VIEWS:
            firefox("WebDriver:Navigate", {"url": "about:blank"})
            if width == 1280:
                firefox("WebDriver:Navigate", {"url": f"{page}#view={view}"})
            else:
                frame = pathlib.Path(folder, "phone.html")
                frame.write_text('<!DOCTYPE html><meta name="color-scheme" content="light dark"><style>body { margin: 0 } '
                                 'iframe { border: 0; width: 360px; height: 880px }</style>'
                                 f'<iframe src="{page}#view={view}"></iframe>')
                firefox("WebDriver:Navigate", {"url": frame.as_uri()})
                found = firefox("WebDriver:FindElement", {"using": "css selector", "value": "iframe"})["value"]
                firefox("WebDriver:SwitchToFrame", {"element": next(iter(found.values()))})
            for _ in range(100):
                if firefox.run("return document.documentElement.dataset.ready !== undefined"):
                    break
                time.sleep(0.1)
            time.sleep(0.2)
            shown, needed, wide, dark = firefox.run(
                'return [document.querySelector("nav a[aria-current]")?.dataset.view, document.documentElement.scrollWidth, '
                'innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]')
            holds = shown == view and needed <= wide and dark == is_dark and abs(wide - width) <= 1
            print(("ok    " if holds else "FAULT ") + f"firefox: {view}, {width}, {scheme}: {needed} of {wide} points")
            if not holds:
                faults.append(view)
            firefox("WebDriver:SwitchToFrame", {"id": None})
            if shots:
                picture = firefox("WebDriver:TakeScreenshot", {"full": False})["value"]
                (shots / f"firefox-{view}-{width}-{scheme}.png").write_bytes(base64.b64decode(picture))


if shots:
    shots.mkdir(parents=True, exist_ok=True)
for is_dark in (False, True):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        firefox = Firefox(folder, is_dark)
        try:
            walk(firefox, folder, is_dark)
        finally:
            firefox.end()
sys.exit(f"{len(faults)} faults" if faults else 0)
