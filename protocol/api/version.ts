// The versions of the requests between views and daemon that this program speaks. `max` rises with every change that an
// older end would misunderstand; `min` rises when the old way is no longer served. Added fields and requests change
// neither.

export const editorProtocol = { min: 1, max: 1 } as const;
