// Emoji by the short names of GitHub and Slack, such as `:tada:`. A selection of commonly typed ones.

const list = `
  +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 smile 😄 smiley 😃 grin 😁 grinning 😀 joy 😂 rofl 🤣 laughing 😆
  sweat_smile 😅 wink 😉 blush 😊 slightly_smiling_face 🙂 upside_down_face 🙃 heart_eyes 😍 kissing_heart 😘
  yum 😋 stuck_out_tongue 😛 sunglasses 😎 nerd_face 🤓 thinking 🤔 neutral_face 😐 expressionless 😑
  unamused 😒 roll_eyes 🙄 grimacing 😬 relieved 😌 sleepy 😪 sleeping 😴 mask 😷 dizzy_face 😵
  exploding_head 🤯 confused 😕 worried 😟 frowning_face ☹️ open_mouth 😮 flushed 😳 pleading_face 🥺 cry 😢
  sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠
  innocent 😇 partying_face 🥳 hugs 🤗 shushing_face 🤫 zipper_mouth_face 🤐 shrug 🤷 facepalm 🤦 wave 👋
  raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_up ☝️ point_down 👇 point_left 👈 point_right 👉
  clap 👏 raised_hands 🙌 pray 🙏 handshake 🤝 muscle 💪 writing_hand ✍️ eyes 👀 eye 👁️ brain 🧠 ghost 👻
  skull 💀 robot 🤖 alien 👽 poop 💩 cat 🐱 dog 🐶 bug 🐛 ant 🐜 bee 🐝 butterfly 🦋 turtle 🐢 snake 🐍 whale 🐳
  unicorn 🦄 crab 🦀 penguin 🐧 snail 🐌 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙
  purple_heart 💜 broken_heart 💔 100 💯 boom 💥 sparkles ✨ star ⭐ star2 🌟 fire 🔥 zap ⚡ sunny ☀️ cloud ☁️
  rainbow 🌈 snowflake ❄️ droplet 💧 earth_africa 🌍 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆
  medal_sports 🏅 rocket 🚀 construction 🚧 rotating_light 🚨 hourglass ⌛ alarm_clock ⏰ watch ⌚ computer 💻
  keyboard ⌨️ desktop_computer 🖥️ floppy_disk 💾 cd 💿 bulb 💡 battery 🔋 electric_plug 🔌 mag 🔍 lock 🔒
  unlock 🔓 key 🔑 hammer 🔨 wrench 🔧 gear ⚙️ nut_and_bolt 🔩 link 🔗 paperclip 📎 scissors ✂️ package 📦
  mailbox 📫 email 📧 memo 📝 pencil2 ✏️ book 📖 books 📚 bookmark 🔖 label 🏷️ clipboard 📋 calendar 📅
  pushpin 📌 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 bell 🔔 no_bell 🔕
  mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 coffee ☕ tea 🍵 beer 🍺 beers 🍻 pizza 🍕 cake 🍰
  cookie 🍪 apple 🍎 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
  negative_squared_cross_mark ❎ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 question ❓ exclamation ❗
  information_source ℹ️ recycle ♻️ arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ red_circle 🔴
  yellow_circle 🟡 green_circle 🟢 blue_circle 🔵 wastebasket 🗑️ checkered_flag 🏁
  triangular_flag_on_post 🚩 test_tube 🧪 microscope 🔬 seedling 🌱 dizzy 💫 see_no_evil 🙈
  man_shrugging 🤷‍♂️ woman_shrugging 🤷‍♀️ zzz 💤 pinching_hand 🤏 saluting_face 🫡 melting_face 🫠
  heart_hands 🫶
`;

let named: ReadonlyMap<string, string> | undefined;

/** Offered as reactions. */
export const usualReactions = ["👍", "❤️", "😄", "🎉", "😕", "👀"] as const;

export function emojiNamed(name: string): string | undefined {
  return table().get(name);
}

/** Returns short names with this prefix, with their emoji. */
export function emojiMatching(start: string): readonly (readonly [string, string])[] {
  return [...table()].filter(([name]) => name.startsWith(start));
}

/** Returns short names that contain a word with this prefix, with their emoji; names that start with it come first. */
export function emojiContaining(start: string): readonly (readonly [string, string])[] {
  const within = [...table()].filter(([name]) => name.includes(`_${start}`) && !name.startsWith(start));
  return [...emojiMatching(start), ...within];
}

/** Created on first use. */
function table(): ReadonlyMap<string, string> {
  return (named ??= new Map(pairs()));
}

function* pairs(): Generator<[string, string]> {
  const parts = list.trim().split(/\s+/u);
  for (let at = 0; at + 1 < parts.length; at += 2) yield [parts[at] ?? "", parts[at + 1] ?? ""];
}
