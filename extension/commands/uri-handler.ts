// Links that the system passes to VS Code for this extension. They may come from any web page, so nothing is sent anywhere
// until the person has seen where a link leads and agreed; while one question is open, other links are ignored. A link to a
// message only shows it, to a person who already has it.

import { window } from "vscode";
import type { Uri } from "vscode";
import { showError } from "./app-context.ts";
import type { AppContext } from "./app-context.ts";
import { openMessageLink } from "./find.ts";
import { joinFromLink } from "./join.ts";
import { failure } from "../../protocol/errors.ts";
import { t } from "../ui/l10n.ts";
import type { Log } from "../ui/log.ts";
import type { Disposable } from "../ui/signal.ts";

export interface LinkHandler extends Disposable {
  handle(uri: Uri): Promise<void>;
}

export function handleLinks(app: AppContext, log: Log): LinkHandler {
  let isAsking = false;
  const handle = async (uri: Uri): Promise<void> => {
    if (isAsking) {
      log.warn("a link was left, because another one is being asked about");
      return;
    }
    isAsking = true;
    try {
      if (/^\/join\/?$/.test(uri.path)) await joinFromLink(app, uri.query);
      else if (/^\/message\/?$/.test(uri.path)) await openMessageLink(app, uri.query);
      else showError(app, failure("bad_request", t("Chat Room does not know this link. Ask for a new one.")));
    } finally {
      isAsking = false;
    }
  };
  const registration = window.registerUriHandler({ handleUri: handle });
  return { handle, dispose: () => void registration.dispose() };
}
