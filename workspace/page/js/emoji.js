// The emoji that people at work use, by Slack's names. What is not here is shown as :name:.

const TABLE = `
smile 😄 smiley 😃 grinning 😀 grin 😁 blush 😊 slightly_smiling_face 🙂 wink 😉 joy 😂 rolling_on_the_floor_laughing 🤣
heart_eyes 😍 sweat_smile 😅 relieved 😌 thinking_face 🤔 neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭 tired_face 😫
sleeping 😴 zzz 💤 sunglasses 😎 hugging_face 🤗 face_with_rolling_eyes 🙄 upside_down_face 🙃 angry 😠 rage 😡 scream 😱
mask 😷 nerd_face 🤓 partying_face 🥳 pleading_face 🥺 shushing_face 🤫
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 pray 🙏 raised_hands 🙌 wave 👋 muscle 💪 ok_hand 👌 point_right 👉
point_left 👈 point_up ☝️ point_down 👇 raised_hand ✋ handshake 🤝 writing_hand ✍️ eyes 👀 ear 👂 brain 🧠
raising_hand 🙋 woman-raising-hand 🙋‍♀️ bust_in_silhouette 👤 busts_in_silhouette 👥 nurse 🧑‍⚕️ older_adult 🧓
heart ❤️ yellow_heart 💛 green_heart 💚 blue_heart 💙 star ⭐ star2 🌟 sparkles ✨ tada 🎉 fire 🔥 100 💯 rocket 🚀 trophy 🏆
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ heavy_multiplication_x ✖️ no_entry ⛔
no_entry_sign 🚫 warning ⚠️ exclamation ❗ grey_exclamation ❕ question ❓ grey_question ❔ sos 🆘 rotating_light 🚨 stop_sign 🛑
information_source ℹ️ bulb 💡 speech_balloon 💬 thought_balloon 💭 loudspeaker 📢 mega 📣 bell 🔔 no_bell 🔕 mute 🔇
red_circle 🔴 large_yellow_circle 🟡 large_orange_circle 🟠 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪
black_circle ⚫ large_green_square 🟩 large_red_square 🟥 large_yellow_square 🟨
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrows_counterclockwise 🔄 repeat 🔁
leftwards_arrow_with_hook ↩️ heavy_plus_sign ➕ heavy_minus_sign ➖ hash #️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
phone ☎️ telephone ☎️ telephone_receiver 📞 iphone 📱 computer 💻 desktop_computer 🖥️ keyboard ⌨️ printer 🖨️ battery 🔋
electric_plug 🔌 satellite_antenna 📡 camera 📷 movie_camera 🎥 tv 📺 headphones 🎧 link 🔗 paperclip 📎 pushpin 📌
round_pushpin 📍 lock 🔒 unlock 🔓 key 🔑 old_key 🗝️ door 🚪 identification_card 🪪 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️
toolbox 🧰 mag 🔍 bookmark 🔖 label 🏷️ memo 📝 pencil ✏️ pencil2 ✏️ page_facing_up 📄 clipboard 📋 books 📚 book 📖
open_book 📖 file_folder 📁 wastebasket 🗑️ inbox_tray 📥 outbox_tray 📤 package 📦 email ✉️ envelope ✉️ newspaper 📰
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 calendar 📅 date 📅 spiral_calendar_pad 🗓️
clock1 🕐 clock3 🕒 clock9 🕘 alarm_clock ⏰ stopwatch ⏱️ hourglass ⌛ hourglass_flowing_sand ⏳ watch ⌚
pill 💊 syringe 💉 stethoscope 🩺 thermometer 🌡️ hospital 🏥 ambulance 🚑 wheelchair ♿ adhesive_bandage 🩹 bed 🛏️
house 🏠 house_with_garden 🏡 hut 🛖 office 🏢 bike 🚲 car 🚗 bus 🚌 walking 🚶 running 🏃 palm_tree 🌴 beach_with_umbrella 🏖️
coffee ☕ tea 🍵 cake 🍰 birthday 🎂 cookie 🍪 strawberry 🍓 bouquet 💐 cherry_blossom 🌸 sunflower 🌻 four_leaf_clover 🍀
evergreen_tree 🌲 christmas_tree 🎄 candle 🕯️ gift 🎁 sunny ☀️ crescent_moon 🌙 cloud ☁️ snowflake ❄️ umbrella ☔ rainbow 🌈
dog 🐶 cat 🐱 bee 🐝 hatching_chick 🐣 robot_face 🤖 crystal_ball 🔮 dart 🎯 jigsaw 🧩 seedling 🌱 recycle ♻️ new 🆕 ok 🆗
`;

const pairs = TABLE.trim().split(/\s+/);

/** @type {Map<string, string>} name -> character */
export const EMOJI = new Map(
  pairs.flatMap((word, index) => (index % 2 === 0 ? [[word, pairs[index + 1]]] : [])),
);

/** Shown first in the picker. */
export const OFTEN = ["+1", "heart", "pray", "eyes", "white_check_mark", "tada", "smile", "raised_hands"];
