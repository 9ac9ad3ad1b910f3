// Asks the person about people who want to talk directly: one notification per question, if the daemon has chosen this
// window for it. After it is dismissed, the question stays in the Contacts tree until it is answered or expires.

import { answerQuestion } from "../../protocol/api/direct.ts";
import type { ConsentRequest } from "../../protocol/api/direct.ts";
import type { AppContext } from "../commands/app-context.ts";
import { showError } from "../commands/app-context.ts";
import { t } from "../ui/l10n.ts";
import { forNotification } from "../ui/plain-text.ts";
import type { Disposable } from "../ui/signal.ts";
import { answerLabel, answersTo, questionLines } from "../commands/direct-texts.ts";

export function createConsentPrompt(app: AppContext): Disposable {
  const { questions } = app;
  const asked = new Set<string>();
  const check = (): void => {
    for (const id of asked) if (questions.find(id) === undefined) asked.delete(id);
    for (const question of questions.open) {
      if (question.ask !== true || asked.has(question.id)) continue;
      asked.add(question.id);
      void ask(app, question);
    }
  };
  const following = questions.changed.on(check);
  check();
  return following;
}

async function ask(app: AppContext, question: ConsentRequest): Promise<void> {
  const answers = answersTo(question);
  const tone = question.vouched && !question.keyChanged ? "info" : "warning";
  const pressed = await app.prompter.tell(tone, questionLines(question, true).join(" "), ...answers.map(answerLabel));
  const answer = answers.find((each) => answerLabel(each) === pressed);
  if (answer === undefined) return;
  if (app.questions.find(question.id) === undefined) {
    const user = forNotification(question.user, 64);
    void app.prompter.tell("info", t("The question about {0} was answered elsewhere, or its time is over.", user));
    return;
  }
  const outcome = await app.daemon.request(answerQuestion, { id: question.id, answer });
  if (!outcome.ok) showError(app, outcome);
}
