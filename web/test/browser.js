/**
 * A real browser for the tests: CHROMIUM names it (`/usr/bin/chromium` if unset). A visit may ask no
 * other host, write no error to the console, and be refused nothing by the content security policy;
 * what it is answered with an error status, a test names before it comes.
 */
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

const { CHROMIUM = "/usr/bin/chromium" } = process.env;

export function launch() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A visitor of their own, with nothing in common with others. */
export class Visitor {
  /** What no visit may cause. */
  complaints = [];

  static async come(browser, origin, { waitMs = 30_000, ...options } = {}) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      ...options,
    });
    visitor.context.setDefaultTimeout(waitMs);
    await visitor.context.route("**/*", (route) => {
      const url = route.request().url();
      if (new URL(url).origin === origin) return route.continue();
      visitor.complaints.push(`asked another host: ${url}`);
      return route.abort();
    });
    // A refusal by the content security policy is an error on the console too; the event names it.
    await visitor.context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`);
      });
    });
    visitor.page = await visitor.newPage();
    return visitor;
  }

  async newPage() {
    const page = await this.context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()}: ${response.url()}`);
    });
    return page;
  }

  /** Ends the visit. What fits one of `expected` was meant to happen. */
  async leave(expected = []) {
    await this.context.close();
    const rest = this.complaints.filter((it) => !expected.some((pattern) => pattern.test(it)));
    assert.deepEqual(rest, []);
  }
}
