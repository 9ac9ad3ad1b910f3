import { strict as assert } from "node:assert";
import {
  conversationWith,
  everyone,
  isEveryone,
  isKnownConversation,
  match,
  nameInId,
  personIn,
} from "../../../../protocol/conversations/conversation-id.ts";
import type { ConversationId } from "../../../../protocol/conversations/conversation-id.ts";

describe("The id of a conversation", () => {
  it("is the same for every spelling of a name", () => {
    assert.equal(conversationWith("Straße"), conversationWith("STRASSE"));
    assert.equal(personIn(conversationWith("Bob")), "bob");
  });

  it("of everyone is nobody's, even if somebody were called so", () => {
    assert.equal(isEveryone(everyone), true);
    assert.equal(personIn(everyone), undefined);
    assert.equal(isEveryone(conversationWith("everyone")), false);
  });

  it("leads to the one function for its kind", () => {
    const kinds = { everyone: () => "all", person: (key: string) => `with ${key}` };
    assert.equal(match(everyone, kinds), "all");
    assert.equal(match(conversationWith("user:x"), kinds), "with user:x");
  });

  it("of a kind that only a newer program has is known as unknown", () => {
    for (const id of ["room:r7k2q9w4", "", "user:", "Everyone"]) assert.equal(isKnownConversation(id), false, id);
    for (const id of [everyone, conversationWith("bob")]) assert.equal(isKnownConversation(id), true, id);
    assert.equal(match("room:r1" as ConversationId, { everyone: () => "all", person: (key) => key }), "");
  });

  it("gives the name that it holds", () => {
    assert.equal(nameInId(everyone), "");
    assert.equal(nameInId(conversationWith("Bob")), "bob");
  });
});
