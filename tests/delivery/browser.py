"""Opens pages in headless Chromium over the DevTools protocol, and does with them what people do.

browser.py JOBS: a file with a list of jobs, each {"page": file, "kind": "report" | "picture", "facts": what the
program itself says of the same code, "whole": whether everything is tried, "shots": a folder for pictures of it}.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import websocket

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--remote-allow-origins=*", "--remote-debugging-port=0", "--window-size=1280,1000"]


class Browser:
    """One Chromium with one page; what it complains of and asks for is kept."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = os.path.join(self.folder, "DevToolsActivePort")
        for _ in range(600):
            if os.path.exists(told) and open(told).read().strip():
                break
            time.sleep(0.1)
        port = open(told).read().split()[0]
        targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        page = next(one for one in targets if one["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120)
        self.last, self.complaints, self.requests, self.loaded = 0, [], [], 0
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.last += 1
        own = self.last
        self.socket.send(json.dumps({"id": own, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == own:
                assert "error" not in message, (method, message)
                return message["result"]
            self.met(message)

    def met(self, message):
        method, told = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"])[:500])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(told["args"])[:500])
        elif method == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("dialog: " + told["message"])
            self.last += 1
            self.socket.send(json.dumps({"id": self.last, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}))
        elif method == "Page.loadEventFired":
            self.loaded += 1

    def open(self, page, part=""):
        """Loads a page anew, also where only the part differs."""
        for url in ["about:blank", "file://" + urllib.parse.quote(os.path.abspath(page)) + part]:
            self.requests.clear()
            before = self.loaded
            self.call("Page.navigate", url=url)
            while self.loaded == before:
                self.met(json.loads(self.socket.recv()))
        self.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def js(self, text):
        result = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, (text, result["exceptionDetails"])
        return result["result"].get("value")

    def settle(self):
        self.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def click(self, selector):
        """With the mouse, in the middle of what is clicked."""
        place = self.js(f"""(() => {{ const one = {selector}; one.scrollIntoView({{ block: 'center', inline: 'center' }});
            const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")
        for kind in ["mousePressed", "mouseReleased"]:
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
        self.settle()

    def press(self, key, text=None):
        codes = {"Escape": 27, "Enter": 13, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        code = codes.get(key, ord(key[0].upper()))
        text = text or (key if len(key) == 1 else "\r" if key == "Enter" else None)
        extra = {"text": text} if text else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **extra)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.settle()

    def media(self, scheme, kind=""):
        self.call("Emulation.setEmulatedMedia", media=kind, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def width(self, width, height=1000):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.settle()

    def shot(self, folder, name, whole=False):
        if folder:
            data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
            open(os.path.join(folder, name + ".png"), "wb").write(base64.b64decode(data))


CONTRAST = """((root) => {
  const rgb = (text) => { const all = text.match(/[\\d.]+/g).map(Number); return all.length > 3 && all[3] === 0 ? null : all.slice(0, 3); };
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (one) => { for (; one; one = one.parentElement) { const c = rgb(getComputedStyle(one).backgroundColor); if (c) return c; } return [255, 255, 255]; };
  const wrong = new Set();
  for (const one of root.querySelectorAll('*')) {
    if (one.closest('svg') || ![...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    if (!one.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) wrong.add(one.tagName + '.' + one.className + ' ' + ratio.toFixed(2));
  }
  return [...wrong];
})(document.body)"""

# Text on text in the pictures that are shown, as the browser has set it.
OVERLAPS = """(() => {
  const wrong = [];
  for (const svg of document.querySelectorAll('svg')) {
    if (!svg.checkVisibility()) continue;
    const edge = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].map((one) => [one.textContent, one.getBoundingClientRect()]);
    boxes.forEach(([text, box], at) => {
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1) wrong.push(text + ' leaves');
      for (const [other, b] of boxes.slice(0, at)) {
        const over = Math.min(box.right, b.right) - Math.max(box.left, b.left);
        const high = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
        if (over > 1 && high > 3) wrong.push(text + ' on ' + other);
      }
    });
  }
  return wrong;
})()"""

SHOWN = "[...document.querySelectorAll('.finding')].filter((one) => !one.hidden).map((one) => one.id.slice(2))"


def check(browser, what, wanted, found):
    assert wanted == found, f"{what}: {found!r} is not {wanted!r}"


def is_quiet(browser, page):
    """It says nothing on the console, and asks for nothing but itself."""
    check(browser, "complaints", [], browser.complaints)
    own = "file://" + urllib.parse.quote(os.path.abspath(page))
    check(browser, "requests", [], [one for one in browser.requests if one.split("#")[0] != own])


def filters(browser, facts):
    findings = facts["findings"]
    ids = lambda fits: sorted(one["fingerprint"] for one in findings if fits(one))
    seen = lambda: sorted(browser.js(SHOWN))
    check(browser, "all findings", ids(lambda one: True), seen())
    for severity in ["error", "warning", "note"]:
        browser.click(f"document.querySelector('[name=severity][value={severity}]')")
        check(browser, f"without {severity}s", ids(lambda one: one["severity"] != severity), seen())
        browser.click(f"document.querySelector('[name=severity][value={severity}]')")
    choose = """((id, value) => { const one = document.getElementById(id); one.value = value;
        one.dispatchEvent(new Event('change')); return one.value; })"""
    for rule in sorted({one["rule"] for one in findings}):
        check(browser, "a rule to choose", rule, browser.js(f"{choose}('rule', {json.dumps(rule)})"))
        check(browser, f"of {rule}", ids(lambda one: one["rule"] == rule), seen())
    browser.js(f"{choose}('rule', '')")
    options = browser.js("[...document.querySelectorAll('#cluster option')].map((one) => [one.value, one.textContent])")
    named = lambda one, name: any(re.search(r"(?<![\w.-])" + re.escape(name) + r"(?![\w\[-])", text) for text in one["texts"])
    clusters = [name for _, name in options[1:-1]]
    for value, name in options[1:]:
        browser.js(f"{choose}('cluster', {json.dumps(value)})")
        fits = (lambda one: named(one, name)) if name in clusters else (lambda one: not any(named(one, it) for it in clusters))
        check(browser, f"of {name}", ids(fits), seen())
    browser.js(f"{choose}('cluster', '')")
    for one in findings[:5]:
        for text in [shown(one["message"])[:40], one["rule"].upper(), one["path"]]:
            browser.click("document.getElementById('clear')")
            browser.click("document.getElementById('text')")
            browser.type(text)
            words = text.lower().split()
            found = seen()
            assert one["fingerprint"] in found, (text, found)
            whole = browser.js("Object.fromEntries([...document.querySelectorAll('.finding')].map((one) => [one.id.slice(2), one.textContent.toLowerCase()]))")
            check(browser, f"text {text}", sorted(key for key, value in whole.items() if all(word in value for word in words)), found)
            said = browser.js("document.getElementById('count').textContent")
            check(browser, "count", f"{len(found)} of {len(findings)} findings", said)
    browser.click("document.getElementById('clear')")
    check(browser, "cleared", ids(lambda one: True), seen())


UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
                    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]")


def shown(text):
    """A name as reports show it: what steers or hides is told."""
    return UNSEEN.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)


def part_of(path):
    return "#" + urllib.parse.urlencode({"from": shown(path["from"]), "to": shown(path["to"])})


def behind_cells(browser, facts, most):
    """Clicks cells; what they show is what `trace` says."""
    paths = {(shown(one["from"]), shown(one["to"])): one for one in facts["paths"]}
    cells = browser.js("[...document.querySelectorAll('td button')].map((one) => one.getAttribute('aria-label'))")
    for at, label in enumerate(cells[:most]):
        browser.click(f"document.querySelectorAll('td button')[{at}]")
        asked, told = label.rsplit(": ", 1)
        path = paths[tuple(asked.split(" asks for ", 1))]
        title = browser.js("document.getElementById('detail-title').textContent")
        assert title.startswith(asked), (title, asked)
        assert title.endswith(told), (title, told)
        signs = {"holds": "✓", "fails": "✕", "partly": "~", "undecided": "?"}
        assert f"{signs[path['outcome']]} " in title, (title, path["outcome"])
        hops = browser.js("[...document.querySelectorAll('#detail .hops')].map((one) => one.children.length)")
        check(browser, f"hops of {asked}", [len(path["name"]["hops"]), len(path["connection"]["hops"])], hops)
        pressed = browser.js("[...document.querySelectorAll('td button')].findIndex((one) => one.getAttribute('aria-pressed') === 'true')")
        check(browser, "the pressed cell", at, pressed)
        check(browser, "overlaps", [], browser.js(OVERLAPS))
    browser.press("Escape")
    check(browser, "closed", True, browser.js("document.getElementById('detail').hidden"))


def links(browser, page, facts, most):
    for finding in facts["findings"][:most]:
        browser.open(page, "#f=" + finding["fingerprint"])
        check(browser, "focus", "f-" + finding["fingerprint"], browser.js("document.activeElement.id"))
        place = browser.js("(() => { const box = document.activeElement.getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; })()")
        check(browser, "in view", True, place)
        lead = browser.js("(() => { const one = document.activeElement.querySelector('a[href^=\"#from=\"]'); if (!one) return null; one.click(); return one.textContent; })()")
        browser.settle()
        if lead:
            title = browser.js("document.getElementById('detail').hidden ? '' : document.getElementById('detail-title').textContent")
            assert title.split(": ")[0] == lead.rsplit(": ", 1)[0], (title, lead)
            check(browser, "its picture", 1, browser.js("document.querySelectorAll('#detail svg').length"))
            back = browser.js("[...document.querySelectorAll('#detail a[href^=\"#f=\"]')].map((one) => one.getAttribute('href').slice(3))")
            assert finding["fingerprint"] in back, (finding, back)
            # What stands in the code leads to its line.
            place = browser.js("""(() => { const own = document.querySelector('#detail svg a').getAttribute('href').slice(1);
                const one = document.getElementById(own); return one && one.textContent; })()""")
            assert place and re.search(r":\d+ ", place), place
        browser.open(page, "#rule=" + finding["rule"])
        check(browser, "rule", True, browser.js(f"document.getElementById('rule-{finding['rule']}').open"))
        is_quiet(browser, page)
    # A finding that is filtered away is shown where a link leads to it.
    if facts["findings"]:
        one = facts["findings"][0]
        browser.open(page)
        browser.js("(() => { const box = document.getElementById('text'); box.value = 'no such words'; box.dispatchEvent(new Event('input')); })()")
        check(browser, "nothing fits", [], browser.js(SHOWN))
        browser.js(f"location.hash = 'f={one['fingerprint']}'")
        browser.settle()
        assert one["fingerprint"] in browser.js(SHOWN)
    for path in facts["paths"][:most]:
        browser.open(page, part_of(path))
        title = browser.js("document.getElementById('detail-title').textContent")
        assert title.startswith(f"{shown(path['from'])} asks for {shown(path['to'])}: "), title


def keys(browser, facts):
    browser.js("document.querySelector('td button[tabindex=\"0\"]').focus()")
    place = lambda: browser.js("(() => { const td = document.activeElement.closest('td'); return td && [td.parentElement.rowIndex, td.cellIndex]; })()")
    check(browser, "first cell", [1, 1], place())
    rows = browser.js("document.querySelector('table.matrix').rows.length")
    browser.press("ArrowDown")
    check(browser, "down", [min(2, rows - 1), 1], place())
    browser.press("ArrowUp")
    browser.press("ArrowLeft")
    check(browser, "up, and no further left", [1, 1], place())
    browser.press("Enter")
    check(browser, "opened", False, browser.js("document.getElementById('detail').hidden"))
    browser.press("Escape")
    check(browser, "back", [1, 1], place())
    browser.press("/")
    check(browser, "text filter", "text", browser.js("document.activeElement.id"))
    browser.press("Escape")
    count = len(facts["findings"])
    for key, at in [("j", 0), ("j", 1), ("j", 2), ("k", 1)]:
        browser.press(key)
        if count:
            at = min(at, count - 1) if key == "j" else max(0, min(2, count - 1) - 1)
            order = browser.js(SHOWN)
            check(browser, key, "f-" + order[at], browser.js("document.activeElement.id"))


def looks(browser, page, facts, shots):
    for scheme in ["light", "dark"]:
        browser.media(scheme)
        browser.open(page, part_of(facts["paths"][0]) if facts["paths"] else "")
        check(browser, f"contrast in {scheme}", [], browser.js(CONTRAST))
        ground = browser.js("getComputedStyle(document.body).backgroundColor")
        check(browser, scheme, {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme], ground)
        for width in [1280, 800, 380]:
            browser.width(width)
            wide = browser.js("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], f"{wide[0]} of {wide[1]} at {width}"
            browser.shot(shots, f"{scheme}-{width}")
        browser.width(1280)
        browser.shot(shots, f"{scheme}-whole", whole=True)
    browser.media("light")
    browser.open(page)
    pdf = base64.b64decode(browser.call("Page.printToPDF", printBackground=True)["data"])
    folder = shots or tempfile.mkdtemp()
    file = os.path.join(folder, "printed.pdf")
    open(file, "wb").write(pdf)
    text = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout
    squeezed = re.sub(r"\s+", "", text)
    for finding in facts["findings"][:20]:
        assert re.sub(r"\s+", "", shown(finding["message"]))[:40] in squeezed, finding["message"]


def is_strict(browser, page):
    """What is put into the page later neither runs nor changes its looks."""
    browser.open(page)
    browser.js("""(() => { const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.body.append(one);
        const own = document.createElement('style'); own.textContent = 'body { opacity: 0.5 }'; document.body.append(own);
        const it = document.createElement('p'); it.setAttribute('style', 'color: red'); it.setAttribute('onclick', 'window.ran = 1');
        document.body.append(it); it.click(); const img = new Image(); img.src = 'https://example.invalid/x.png'; document.body.append(img); })()""")
    browser.settle()
    check(browser, "nothing ran", None, browser.js("window.ran"))
    check(browser, "no other style", "1", browser.js("getComputedStyle(document.body).opacity"))
    kinds = " ".join(browser.complaints)
    assert "script-src" in kinds and "style-src" in kinds, kinds
    browser.complaints.clear()


def report(browser, job):
    page, facts = job["page"], job["facts"]
    browser.open(page)
    is_quiet(browser, page)
    check(browser, "overlaps", [], browser.js(OVERLAPS))
    check(browser, "no images", 0, browser.js("document.querySelectorAll('img, iframe, object, embed').length"))
    links(browser, page, facts, 8 if job["whole"] else 2)
    if job["whole"]:
        browser.open(page)
        filters(browser, facts)
        behind_cells(browser, facts, 12)
        browser.open(page)
        keys(browser, facts)
        looks(browser, page, facts, job.get("shots"))
    is_quiet(browser, page)
    if job["whole"]:
        is_strict(browser, page)


def picture(browser, job):
    page = job["page"]
    for scheme in ["light", "dark"]:
        browser.media(scheme)
        browser.open(page)
        is_quiet(browser, page)
        check(browser, "one picture", 1, browser.js("document.querySelectorAll('svg').length"))
        check(browser, "overlaps", [], browser.js(OVERLAPS))
        check(browser, "a name", True, browser.js("document.querySelector('svg > title').textContent.length > 0"))
        browser.shot(job.get("shots"), f"picture-{scheme}")
    browser.media("light")


def mermaid(browser, job):
    """Mermaid's own parser takes every text, and draws the first of each length."""
    browser.open(job["page"])
    assert browser.js("typeof mermaid.parse") == "function"
    browser.js("mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' })")
    for at, text in enumerate(job["texts"]):
        fault = browser.js(f"mermaid.parse({json.dumps(text)}).then(() => '', (fault) => String(fault))")
        assert not fault, f"{fault}\n{text[:3000]}"
    lengths = {}
    for text in job["texts"]:
        lengths.setdefault(len(text) // 200, text)
    for at, text in enumerate(lengths.values()):
        drawn = browser.js(f"mermaid.render('m{at}', {json.dumps(text)}).then((it) => it.svg, (fault) => 'fault: ' + fault)")
        assert drawn.startswith("<svg"), f"{drawn}\n{text[:3000]}"
        assert "<img" not in drawn and "<script" not in drawn, drawn[:3000]
    check(browser, "complaints", [], browser.complaints)


def main():
    jobs = json.load(open(sys.argv[1]))
    browser = Browser(sys.argv[2])
    try:
        for job in jobs:
            try:
                {"report": report, "picture": picture, "mermaid": mermaid}[job["kind"]](browser, job)
            except Exception as fault:
                raise SystemExit(f"{job['page']}: {type(fault).__name__}: {fault}") from fault
    finally:
        browser.close()
    print(f"{len(jobs)} pages were opened")


main()
