"""The page of `inspect_checkpoint serve` in a real Chromium, clicked through: `tools/dev browser-test`.

Needs chromedriver (Debian: chromium, chromium-driver), which is spoken to over plain HTTP (W3C
WebDriver). With --screenshot=FILE the last view is kept as a picture.
"""
import argparse
import base64
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def post(url, body=None, method=None):
    request = urllib.request.Request(
        url, None if method == "GET" else json.dumps(body or {}).encode(),
        {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["value"]


class Browser:
    def __init__(self, port, width, height):
        root = f"http://127.0.0.1:{port}"
        arguments = ["--headless", "--disable-gpu", "--hide-scrollbars",
                     f"--window-size={width},{height}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        capabilities = {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}
        session = post(f"{root}/session", {"capabilities": capabilities})
        self.base = f"{root}/session/{session['sessionId']}"

    def go(self, url):
        post(f"{self.base}/url", {"url": url})

    def run(self, script, *arguments):
        return post(f"{self.base}/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, css):
        found = post(f"{self.base}/element", {"using": "css selector", "value": css})
        post(f"{self.base}/element/{found[ELEMENT]}/click")

    def key(self, key):
        post(f"{self.base}/actions", {"actions": [{"type": "key", "id": "k", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def wait(self, script):
        """Until the script gives something that is true; gives that and how long it took."""
        begin = time.monotonic()
        while time.monotonic() - begin < 20:
            value = self.run("return " + script)
            if value:
                return value, time.monotonic() - begin
            time.sleep(0.01)
        raise AssertionError(f"waited in vain for: {script}")

    def painted(self, text):
        return self.wait("decodeURIComponent(document.body.dataset.painted || '')"
                         f".includes({json.dumps(text)})")

    def screenshot(self, path):
        picture = post(f"{self.base}/screenshot", method="GET")
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture))

    def close(self):
        post(self.base, method="DELETE")


def check_numbers(browser, site):
    """The table says of each hand what the query says."""
    query = browser.run("return new URLSearchParams({betting: decision.betting, "
                        "board: decision.board}).toString()")
    with urllib.request.urlopen(f"{site}/api/decision?{query}", timeout=30) as response:
        decision = json.load(response)
    with urllib.request.urlopen(f"{site}/api/equity?{query}", timeout=30) as response:
        answer = json.load(response)
    browser.wait("document.body.dataset.equities === (location.hash || '#')")
    rows = browser.run("""return [...document.querySelectorAll('#hands tr[data-hand]')].map(row =>
        [row.dataset.hand, [...row.cells].map(c => c.textContent),
         [...row.querySelectorAll('.p')].map(c => c.textContent),
         row.querySelector('.equity')?.textContent])""")
    hands = {hand["hand"]: hand for hand in decision["hands"]}
    equities = {}
    if decision["player"] in answer["seats"]:
        known = answer["equity"][answer["seats"].index(decision["player"])]
        equities = dict(zip(hands, known))
    seen = 0
    for name, cells, probabilities, equity in rows:
        if name not in hands:
            continue  # several hands together
        hand = hands[name]
        seen += 1
        assert cells[1] == str(hand["bucket"]), (name, cells, hand)
        assert len(probabilities) == len(hand["probabilities"]), (name, cells)
        for text, probability in zip(probabilities, hand["probabilities"]):
            assert abs(float(text) - 100 * probability) <= 0.51, (name, cells, hand)
        if equities.get(name) is not None:
            assert abs(float(equity) - 100 * equities[name]) <= 0.51, (name, equity)
    assert seen, rows
    return decision, seen


def click_through(browser, site):
    browser.go(site + "/#suits=1")
    browser.painted("suits=1")
    root, seen = check_numbers(browser, site)
    assert seen == len(root["hands"]), "with suits apart every hand has its row"
    last = [i for i, a in enumerate(root["actions"]) if "betting" in a][-1]
    assert browser.run("return document.querySelectorAll('#actions button').length") == len(
        root["actions"])
    browser.click(f"#actions button:nth-child({last + 1})")
    browser.painted("betting=" + root["actions"][last]["betting"])
    after, _ = check_numbers(browser, site)
    assert len(after["path"]) == 1, after["path"]
    # A call ends the street: then cards are asked for, and dealt.
    browser.key(str([a["name"] for a in after["actions"]].index("c") + 1))
    browser.wait("document.getElementById('error').textContent.includes('there are')")
    assert browser.run("return document.querySelectorAll('.picker button').length") == len(
        browser.run("return run.deck"))
    browser.key("b")
    browser.painted("board=")
    flop, _ = check_numbers(browser, site)
    assert flop["board"] and len(flop["path"]) == 2, flop["path"]
    look_around(browser, site, flop)
    # Every earlier node can be gone back to.
    browser.click("#path button")
    browser.wait("decision.path.length === 0")
    browser.key("\ue003")  # Backspace at the root does nothing
    assert browser.run("return decision.path.length") == 0
    assert browser.run("return document.getElementById('error').textContent") == ""


def look_around(browser, site, decision):
    """All ranges, the street's other cards, the run's curves."""
    panels = "document.querySelectorAll('#matrix .panel').length"
    before = browser.run(f"return {panels}")
    if before:  # of two hole cards
        browser.key("r")
        browser.painted("both=1")
        assert browser.run(f"return {panels}") == 2 * before
        browser.key("r")
        browser.wait(f"{panels} === {before}")
    browser.key("m")
    browser.wait("document.body.dataset.curves !== undefined")
    if browser.run("return document.body.dataset.curves > 1"):
        browser.wait("document.querySelectorAll('#charts canvas').length > 4")
    browser.key("m")
    browser.wait("document.getElementById('curves').hidden")
    if browser.run("return document.querySelectorAll('#next summary').length"):
        browser.click("#next summary")
        browser.wait("document.querySelectorAll('.nexts button:not(:disabled)').length > 1")
        query = browser.run("return here().toString()")
        with urllib.request.urlopen(f"{site}/api/next?{query}", timeout=60) as response:
            cards = {card["card"]: card["mean"] for card in json.load(response)["cards"]}
        here = next(card for card in cards if decision["board"].endswith(card))
        for expected, found in zip(decision["mean"], cards[here]):
            assert abs(expected - found) < 1e-8, (decision["mean"], cards[here])
        browser.click("#next summary")


def paint_times(browser, site, times=9):
    """Seconds from a click to what it shows, by the page's own clock."""
    found = []
    for i in range(times):
        browser.go(site + "/#")
        browser.wait("decision && decision.path.length === 0")
        browser.run("""
          const begin = performance.now();
          window.took = null;
          const button = [...document.querySelectorAll('#actions button')].filter(b => !b.disabled).at(-1);
          button.click();
          const look = () => decision.path.length === 1 && document.body.dataset.painted !== '#'
            ? requestAnimationFrame(() => window.took = performance.now() - begin)
            : setTimeout(look, 1);
          look();""")
        took, _ = browser.wait("window.took")
        found.append(took / 1000)
    return sorted(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="+",
                        help="of a run of hold'em or Leduc for two; of two runs to be compared")
    parser.add_argument("--inspect", default="bazel-bin/tools/inspect_checkpoint")
    parser.add_argument("--screenshot", help="a file for a picture of the last view")
    parser.add_argument("--view", default="", help="that view, as the page's address has it")
    parser.add_argument("--size", default="1280x900", help="of the window")
    flags = parser.parse_args()
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen([flags.inspect, "serve", *flags.folder, "--port=0"], stderr=said)
        driver = subprocess.Popen(["chromedriver", "--port=9515"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            site = None
            for _ in range(600):
                said.seek(0)
                found = re.search(r"http://127.0.0.1:\d+", said.read())
                if found:
                    site = found.group()
                    break
                assert server.poll() is None, "the server has ended"
                time.sleep(0.1)
            for _ in range(100):
                try:
                    urllib.request.urlopen("http://127.0.0.1:9515/status", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.1)
            browser = Browser(9515, *map(int, flags.size.split("x")))
            try:
                click_through(browser, site)
                times = paint_times(browser, site)
                print(json.dumps({"clicks": len(times), "median_ms": 1000 * times[len(times) // 2],
                                  "longest_ms": 1000 * times[-1]}))
                if flags.screenshot:
                    browser.go(site + "/#" + flags.view)
                    browser.wait("decision && document.body.dataset.painted === (location.hash || '#')"
                                 " && document.body.dataset.equities === (location.hash || '#')")
                    time.sleep(1)  # charts and cards come after
                    browser.screenshot(flags.screenshot)
            finally:
                browser.close()
        finally:
            driver.terminate()
            server.terminate()
            driver.wait()
            server.wait()
    print("clicked through: numbers agree")


if __name__ == "__main__":
    main()
