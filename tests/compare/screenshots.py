#!/usr/bin/env python3
"""Take the pictures of a report that the README shows, of the sample that ships.

    tests/compare/screenshots.py --swathe target/release/swathe [--browser chromium]
"""

import argparse
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZE = (1000, 760)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--swathe", required=True, type=pathlib.Path)
    options.add_argument("--browser", default="chromium")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        report = ["report", "--title", "Application log, 23 November", "--format", "html"]
        run = [options.swathe.resolve(), *report, "--output", page, "bench-data/app.log"]
        subprocess.run(run, cwd=ROOT, check=True)
        for number, theme in enumerate(["dark", "light"]):
            picture = ROOT / "docs" / f"report-{theme}.png"
            browser = [
                options.browser,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/browser",
                f"--blink-settings=preferredColorScheme={number}",
                f"--window-size={SIZE[0]},{SIZE[1]}",
                f"--screenshot={picture}",
                f"file://{page}",
            ]
            subprocess.run(browser, check=True, capture_output=True)
            print(picture.relative_to(ROOT))


if __name__ == "__main__":
    main()
