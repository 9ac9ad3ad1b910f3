// Asks the person about those who want to talk directly: one notification a question, in the one window that has the
// person's attention. Whoever dismisses it finds the question in the Contacts tree until it is over.

import { answerQuestion } from "../../protocol/editor/direct.ts";
import type { Question } from "../../protocol/editor/direct.ts";
import type { Desk } from "../commands/desk.ts";
import { explain } from "../commands/desk.ts";
import { t } from "../l10n.ts";
import { forNotification } from "../plain-text.ts";
import { Disposables } from "../signal.ts";
import type { Disposable, Signal } from "../signal.ts";
import { answerLabel, answersTo, questionLines } from "./words.ts";

export interface Attention {
  /** This window has the focus, or had it last of all. */
  readonly isHere: () => Promise<boolean>;
  readonly changed: Signal<unknown>;
}

export function askAboutDirectTalk(desk: Desk, attention: Attention): Disposable {
  const { questions } = desk;
  const disposables = new Disposables();
  const asked = new Set<string>();
  const look = async (): Promise<void> => {
    for (const id of asked) if (questions.find(id) === undefined) asked.delete(id);
    if (questions.open.length === 0 || !(await attention.isHere()) || disposables.disposed) return;
    for (const question of questions.open) {
      if (asked.has(question.id)) continue;
      asked.add(question.id);
      void ask(desk, question);
    }
  };
  disposables.add(
    questions.changed.on(() => void look()),
    attention.changed.on(() => void look()),
  );
  void look();
  return disposables;
}

async function ask(desk: Desk, question: Question): Promise<void> {
  const answers = answersTo(question);
  const tone = question.vouched && !question.keyChanged ? "info" : "warning";
  const pressed = await desk.prompter.tell(tone, questionLines(question).join(" "), ...answers.map(answerLabel));
  const answer = answers.find((each) => answerLabel(each) === pressed);
  if (answer === undefined) return;
  if (desk.questions.find(question.id) === undefined) {
    const user = forNotification(question.user, 64);
    void desk.prompter.tell("info", t("The question about {0} was answered elsewhere, or its time is over.", user));
    return;
  }
  const outcome = await desk.daemon.request(answerQuestion, { id: question.id, answer });
  if (!outcome.ok) explain(desk, outcome);
}
