// Integrations, the way home by the firm's page, renewing, another person, forgetting, and a link that starts the program.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { comeHome, hostedPage, openLink } from "./hosted.mjs";
import { noneLeaked } from "./leaks.mjs";
import { issued } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";
import { story } from "./story.mjs";

const { By } = selenium;

/** Changes a registration at the practice ID-porten. */
async function register(control, client) {
  const answer = await fetch(`${control}/clients`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(client),
  });
  assert.ok(answer.ok, await answer.text());
}

/** The client secret of the integrations below; of no use anywhere, and nowhere else to be found. */
const CLIENT_SECRET = randomBytes(24).toString("base64url");

/** Chooses in the list with this test id. */
async function choose(program, testId, value) {
  const list = await program.see(testId);
  await list.findElement(By.css(`option[value="${value}"]`)).click();
}

const state = (program, pattern) => program.reads(ids.formState, pattern);

describe("an integration with the firm's page", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {Awaited<ReturnType<typeof hostedPage>>} */ let page;

  before(async () => {
    desktop = await Desktop.open();
    page = await hostedPage();
    program = await Program.start(desktop, { env: { MOMSBUD_LOG: "debug" } });
    const { control } = await program.practice();
    await register(control, {
      client_id: "momsbud-practice-web",
      client_secret: CLIENT_SECRET,
      redirect_uris: [page.url],
    });
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
    await page?.close();
  });

  const step = story(() => program.picture("failed-access"));

  step("the guide shows what to register, with what each variant costs", async () => {
    await program.click(ids.placeAccess);
    await program.click(ids.openGuide);
    await program.type(ids.guidePage, page.url);
    await program.reads(ids.guideField, /Tjeneste[\s\S]*API-klient/);
    await until("the page in the guide", async () =>
      (await program.driver.findElement(By.css('[data-key="redirect"]')).getText()).includes(page.url),
    );
    await program.picture("50-guide");
    await program.click(ids.placeAccess);
  });

  step("is entered with its secret, which is not there to be seen afterwards", async () => {
    await program.click(ids.placeAccess);
    await program.click(ids.newIntegration);
    await program.type(ids.formName, "Solvang Regnskap, web");
    await program.type(ids.formClientId, "momsbud-practice-web");
    await choose(program, ids.formAuthentication, "client_secret_post");
    await program.type(ids.formSecret, CLIENT_SECRET);
    await choose(program, ids.formRedirect, "hosted_page");
    await program.type(ids.formPage, page.url);
    await program.picture("51-integration-filled-in");
    await program.click(ids.formSave);
    await program.see(ids.selfCheck);
    const field = await program.see(ids.formSecret);
    assert.equal(await field.getAttribute("value"), "");
    assert.ok(!(await program.driver.getPageSource()).includes(CLIENT_SECRET));
  });

  step("is tried without a person, as far as that goes", async () => {
    await program.click(ids.selfCheck);
    await until("the result", async () => (await program.attribute(ids.selfCheckResult, "data-bad")) === "false");
    await program.picture("52-self-check");
  });

  step("brings the person home by a link into the running program", async () => {
    await program.click(ids.selfCheckSignIn);
    const link = await comeHome(desktop, "Ingrid Solvang", "53-hosted-page");
    await openLink(program, link);
    await program.reads(ids.who, /Ingrid Solvang/);
    await until("everything to be in order", async () => {
      const steps = await program.all(ids.selfCheckStep);
      const states = await Promise.all(steps.map((it) => it.getAttribute("data-state")));
      return states.length === 6 && states.every((it) => it === "ok");
    });
    await program.picture("54-self-check-in-order");
  });

  step("is renewed before it ends, and loses nothing", async () => {
    await program.click(ids.placeFiling);
    await program.click(ids.sample);
    await program.see(ids.card);
    await program.click(ids.placeAccess);
    const before = await program.text(ids.clockAuthorization);
    await program.click(ids.renew);
    const link = await comeHome(desktop, "Ingrid Solvang");
    await openLink(program, link);
    await program.gone(ids.signInDialog);
    await program.reads(ids.accessName, /Ingrid Solvang/);
    assert.equal(await program.text(ids.clockAuthorization), before);
    assert.equal((await program.all(ids.authorizationRow)).length, 0, "it is the same authorization");
    await program.click(ids.placeFiling);
    await program.see(ids.card);
  });

  step("another person signs in for himself, and the first one's is kept", async () => {
    await program.click(ids.placeAccess);
    await program.click(ids.integrationOpen);
    await program.click(ids.formCancel);
    await program.click(ids.signInAsAnother);
    await desktop.browser.signIn("Jonas Eide");
    await program.reads(ids.who, /Jonas Eide/);
    await program.reads(ids.authorizationRow, /Ingrid Solvang/);
    await program.picture("55-two-persons");
  });

  step("forgetting takes everything of it", async () => {
    await program.press("to forget", async () =>
      (await program.see(ids.authorizationRow)).findElement(By.css(`[data-testid="${ids.forget}"]`)),
    );
    await program.see(ids.forgetDialog);
    await program.picture("56-forget");
    await program.click(ids.forgetConfirm);
    await program.gone(ids.authorizationRow);
  });

  step("leaves neither the client secret nor a code or token in a file", async () => {
    const secrets = await issued(program);
    assert.ok(secrets.length >= 9, `${secrets.length} secrets`);
    await program.quit();
    await noneLeaked(program, [CLIENT_SECRET, ...secrets]);
  });
});

describe("a program that was closed while the person was in her browser", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program | undefined} */ let program;
  /** @type {Awaited<ReturnType<typeof hostedPage>>} */ let page;
  let link = "";

  before(async () => {
    desktop = await Desktop.open();
    page = await hostedPage();
    // Authorities that go on when the program ends, as the real ones do.
    const practice = desktop.start(join(dirname(PROGRAM), "momsbud-cli"), ["practice"]);
    const addresses = JSON.parse(
      await until("the practice authorities", () => practice.output.split("\n").find((line) => line.startsWith("{"))),
    );
    await register(addresses.control, { client_id: "momsbud-practice-web", redirect_uris: [page.url] });
    const settings = {
      test: {
        platform: addresses.altinn_platform,
        app: addresses.altinn_app,
        validation: `${addresses.skatteetaten}/api/mva/grensesnittstoette/mva-melding/valider`,
        integration: {
          name: "Firmaets klient",
          issuer: addresses.id_porten,
          clientId: "momsbud-practice-web",
          authentication: "client_secret_post",
          redirect: { kind: "hosted_page", page: page.url, deep_link: "momsbud://callback" },
        },
      },
    };
    program = await Program.start(desktop, {
      env: { MOMSBUD_ENVIRONMENT: "test" },
      beforeStart: (data) => writeFile(join(data, "environments.json"), JSON.stringify(settings)),
    });
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
    await page?.close();
  });

  const step = story(async () => program?.picture("failed-cold-start"));

  step("has an integration of environments.json, whose secret is entered in the window", async () => {
    assert.ok(program);
    await program.click(ids.placeAccess);
    await program.click(ids.integrationOpen);
    await program.type(ids.formSecret, "practice-secret");
    await program.click(ids.formSave);
    await state(program, /Lagret/);
  });

  step("is started by the link, and the person is signed in", async () => {
    assert.ok(program);
    await program.click(ids.placeFiling);
    await program.click(ids.signIn);
    link = await comeHome(desktop, "Ingrid Solvang");
    await program.quit();
    program = await Program.start(desktop, { env: { MOMSBUD_ENVIRONMENT: "test" }, args: [link] });
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.picture("57-started-by-the-link");
  });

  step("drops the same link when it comes again, and nothing is lost by it", async () => {
    assert.ok(program);
    const second = desktop.start(PROGRAM, [link], {
      env: {
        MOMSBUD_DATA_DIR: program.dataDir,
        MOMSBUD_ARCHIVE_DIR: program.archiveDir,
        MOMSBUD_ENVIRONMENT: "test",
      },
    });
    await until("the second program to end", () => second.ended);
    assert.equal(await program.shows(ids.signInOutcome), false);
    assert.equal(await program.shows(ids.card), false, "a link is no file");
    await program.picture("58-link-used-twice");
    await program.reads(ids.who, /Ingrid Solvang/);
  });
});
