#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of `explain --html` in a browser, against the transcript: explain_browser_test.py
PROGRAM VECTORS

What is drawn and told comes from the browser, what is expected from `explain --json`.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from explain_browser import Browser
from explain_browser_expected import PAGE, area, expected_facts

WIDTH, HEIGHT = 1300, 1400
SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {"loader": "#e69f00", "runtime": "#56b4e9", "eapp": "#009e73", "stack": "#f0e442",
           "untrusted": "#d55e00"}

HOSTILE = "</script></title><img src=x onerror=alert(1)>\"'&\x1b]]>\u202e<!--"
TOOLS = pathlib.Path(__file__).parent / "tools"

PROGRAM, VECTORS = None, None

DRAWN = """Array.from(document.querySelectorAll('.range'), (range) => {
  const path = range.querySelector('path');
  return {...range.dataset, title: range.querySelector('title').textContent,
          d: path.getAttribute('d'), fill: getComputedStyle(path).fill};
})"""
TOLD = """Object.fromEntries(Array.from(document.querySelectorAll('#facts dd'),
  (fact) => [fact.dataset.fact, fact.textContent]))"""
PLACE = """(() => {
  const {a, d, e, f} = document.getElementById('pages').getScreenCTM();
  return [a, d, e, f];
})()"""


def page_walk_options(eapp="e_gap"):
    elf = VECTORS / "pagewalk" / "elf"
    return ("--profile=keystone-v1", f"--eapp={elf / eapp}", f"--runtime={elf / 'rt_multi'}")


def loader_options(eapp=None):
    files = VECTORS / "bundled" / "rv64"
    return (f"--eapp={eapp or files / 'eapp.elf'}", f"--runtime={files / 'runtime.elf'}",
            f"--loader={files / 'loader.bin'}")


class Explained:
    """An enclave: its page, its picture and its transcript."""

    def __init__(self, folder, *options):
        self.html, self.svg = folder / "map.html", folder / "map.svg"
        command = [PROGRAM, "explain", "-q", "--pages", *options]
        subprocess.run([*command, f"--html={self.html}", f"--svg={self.svg}"], check=True)
        answer = subprocess.run([*command, "--json"], check=True, stdout=subprocess.PIPE)
        self.ranges = json.loads(answer.stdout)["ranges"]
        # The pages as they are measured: their range, and their number in it.
        self.pages = [(index, page) for index, range_ in enumerate(self.ranges)
                      for page in range(range_["size"] // PAGE)]

    def cells(self):
        """For each page the column, row and run that it must be drawn in, of 16 columns."""
        cells, end, run, first = [], None, -1, 0
        for number, (index, page) in enumerate(self.pages):
            address = int(self.ranges[index]["address"], 16) + page * PAGE
            if address != end:
                run, first = run + 1, number
            cells.append((run, (number - first) // 16, (number - first) % 16))
            end = address + PAGE
        return cells


class InBrowser(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def open(self, *options):
        """An explained enclave, and a browser that shows its page in light colours."""
        enclave = Explained(self.folder, *options)
        browser = self.enterContext(Browser())
        browser.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT,
                     deviceScaleFactor=1, mobile=False)
        browser.call("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": "light"}])
        browser.open(enclave.html)
        return enclave, browser

    def page_walk(self):
        return self.open(*page_walk_options())

    def hostile(self):
        """A section and a file whose names are meant to become more than names."""
        eapp = self.folder / "<img src=x onerror=alert(1)>"
        subprocess.run([sys.executable, "-B", TOOLS / "make-elf", eapp,
                        f"section={HOSTILE},{'13' * PAGE}"], check=True)
        return self.open(*loader_options(eapp))

    def check_drawn(self, enclave, browser):
        drawn = browser.evaluate(DRAWN)
        self.assertEqual([(int(d["range"]), d["address"], int(d["size"])) for d in drawn],
                         [(index, range_["address"], range_["size"])
                          for index, range_ in enumerate(enclave.ranges)])
        for shape, range_ in zip(drawn, enclave.ranges):
            self.assertEqual(area(shape["d"]), range_["size"] // PAGE * 64 * 64)
            channels = [int(part) for part in re.findall(r"\d+", shape["fill"])]
            self.assertEqual("#" + bytes(channels).hex(), COLOURS[range_["role"]])
            self.assertIn(range_["address"], shape["title"])

    def middle(self, browser, cell, from_left=0.5, from_top=0.5):
        """Where a point of a cell is in the window."""
        run, row, column = cell
        scale_x, scale_y, left, top = browser.evaluate(PLACE)
        tops = browser.evaluate(
            "Array.from(document.querySelectorAll('.run'), (run) => Number(run.dataset.top))")
        return (left + scale_x * (column + from_left) * 64,
                top + scale_y * (tops[run] + (row + from_top) * 64))

    def check_told(self, enclave, browser, address_name):
        for (index, page), cell in zip(enclave.pages, enclave.cells()):
            browser.point_at(*self.middle(browser, cell))
            self.assertEqual(browser.evaluate(TOLD),
                             expected_facts(enclave.ranges[index], index, page, address_name))

    def check_colours(self, enclave, browser):
        """Of each page that is in the file from its start on: near its corner, which no label and
        no hatching reaches."""
        picture, seen = browser.screenshot(), set()
        self.assertEqual((picture.width, picture.height), (WIDTH, HEIGHT))
        for (index, page), cell in zip(enclave.pages, enclave.cells()):
            range_ = enclave.ranges[index]
            if page == 0 and range_["zeros_before"] == 0 and range_["file_bytes"] >= 1024:
                x, y = self.middle(browser, cell, 5 / 64, 5 / 64)
                self.assertEqual(picture.pixel(round(x), round(y)), COLOURS[range_["role"]])
                seen.add(range_["role"])
        x, y = self.middle(browser, (0, 0, 15), 0.9)  # behind the end of the first run
        self.assertEqual(picture.pixel(round(x), round(y)), "#ffffff")
        return seen

    def check_silent(self, browser, page):
        """Nothing was asked of the network, and nothing went wrong."""
        asked = {event["request"]["url"]
                 for event in browser.parameters_of("Network.requestWillBeSent")}
        self.assertEqual(asked, {page.as_uri()})
        self.assertEqual(browser.parameters_of("Runtime.exceptionThrown", "Log.entryAdded",
                                               "Runtime.consoleAPICalled"), [])

    def test_a_page_walk_is_drawn_and_told_as_it_is_measured(self):
        enclave, browser = self.page_walk()
        self.assertEqual(len(enclave.pages), 22)
        self.check_drawn(enclave, browser)
        self.check_told(enclave, browser, "address")
        self.assertEqual(self.check_colours(enclave, browser), {"eapp", "runtime"})
        self.check_silent(browser, enclave.html)

    def test_a_segment_that_starts_within_a_page_is_told_as_it_is_measured(self):
        enclave, browser = self.open(*page_walk_options("e_unalign"))
        self.assertTrue(any(range_["zeros_before"] for range_ in enclave.ranges))
        self.check_drawn(enclave, browser)
        self.check_told(enclave, browser, "address")

    def test_a_loader_enclave_is_drawn_and_told_as_it_is_measured(self):
        enclave, browser = self.open(*loader_options())
        self.assertEqual(len(enclave.pages), 8)
        self.check_drawn(enclave, browser)
        self.check_told(enclave, browser, "offset")
        self.assertEqual(self.check_colours(enclave, browser), {"eapp", "runtime", "loader"})
        self.check_silent(browser, enclave.html)

    def test_keys_move_over_the_pages(self):
        enclave, browser = self.page_walk()
        address = "document.querySelector('[data-fact=address]').textContent"
        browser.evaluate("document.getElementById('map').focus()")
        for key, expected in (("ArrowRight", "0x11000"), ("ArrowRight", "0x14000"),
                              ("ArrowLeft", "0x11000"), ("ArrowDown", "0x14000"),
                              ("ArrowUp", "0x10000"), ("ArrowUp", "0x10000"),
                              ("ArrowLeft", "0x10000"), ("End", "0xffffffffc000a000"),
                              ("ArrowRight", "0xffffffffc000a000"),
                              ("ArrowDown", "0xffffffffc000a000"),
                              ("ArrowUp", "0xffffffff80001000"), ("ArrowUp", "0x3fffd000"),
                              ("Home", "0x10000")):
            browser.press(key)
            self.assertEqual(browser.evaluate(address), expected, key)
        self.check_silent(browser, enclave.html)

    def test_no_page_is_told_beside_the_pages(self):
        _, browser = self.page_walk()
        for cell in ((0, 0, 2), (0, 0, -1), (0, 0.8, 0), (5, 0, 11)):
            browser.point_at(*self.middle(browser, cell))
            self.assertEqual(browser.evaluate(TOLD), {}, cell)

    def test_a_script_that_is_not_the_page_s_own_does_not_run(self):
        enclave = Explained(self.folder, *page_walk_options())
        injected = "<script>window.ran = true</script><img src='https://example.org/x'></body>"
        enclave.html.write_text(enclave.html.read_text("utf-8").replace("</body>", injected),
                                "utf-8")
        browser = self.enterContext(Browser())
        browser.open(enclave.html)
        self.assertEqual(browser.evaluate("typeof window.ran"), "undefined")
        self.assertEqual(len(browser.parameters_of("Log.entryAdded")), 2)  # both refused

    def test_names_are_shown_and_do_nothing(self):
        enclave, browser = self.hostile()
        self.assertIn(HOSTILE, [range_["sections"] for range_ in enclave.ranges])
        self.check_drawn(enclave, browser)
        self.check_told(enclave, browser, "offset")
        self.assertEqual(browser.evaluate("document.images.length"), 0)
        self.assertEqual(browser.evaluate("document.scripts.length"), 2)
        self.assertIn("<img src=x", browser.evaluate("document.body.innerText"))
        self.check_silent(browser, enclave.html)
        self.check_picture(enclave)

    def test_the_picture_has_the_same_ranges(self):
        self.check_picture(Explained(self.folder, *page_walk_options()))

    def check_picture(self, enclave):
        tree = xml.etree.ElementTree.parse(enclave.svg)
        drawn = [group for group in tree.iter(SVG + "g") if "data-range" in group.attrib]
        self.assertEqual([group.get("data-address") for group in drawn],
                         [range_["address"] for range_ in enclave.ranges])
        for group, range_ in zip(drawn, enclave.ranges):
            self.assertEqual(area(group.find(SVG + "path").get("d")), range_["size"] // PAGE * 4096)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[1]).resolve(strict=True)
    VECTORS = pathlib.Path(sys.argv[2]).resolve(strict=True)
    unittest.main(argv=sys.argv[:1])
