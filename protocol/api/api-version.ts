// The versions of the protocol between views and daemon that this program supports. `max` rises with every change that an
// older end would misunderstand; `min` rises when support for an old version ends. Added fields and requests change
// neither.

export const editorProtocol = { min: 1, max: 1 } as const;
