// The lesson player. It tells the server where the media stands; the server decides what that is worth.
// Nothing here is trusted: without beats there is no credit, and no beat can buy more than the time it took.
(() => {
  "use strict";
  const root = document.getElementById("player");
  if (!root) return;
  const settings = JSON.parse(document.getElementById("player-settings").textContent);
  const csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const video = root.querySelector("video");
  const say = (name) => root.querySelectorAll("[data-say]").forEach((part) => { part.hidden = part.dataset.say !== name; });
  const credited = document.getElementById("credited");
  const meter = document.getElementById("credited-meter");
  const next = document.getElementById("next");
  const BEAT_MS = 10000;
  const MOST_KEPT = 18;

  // One name per tab, so that the server can tell a second window from a reload of this one.
  let device = sessionStorage.getItem("yz-device");
  if (!device) {
    device = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("yz-device", device);
  }

  let generation = 0;
  let sequence = 0;
  let wasHidden = document.hidden;
  let kept = [];
  let sending = false;
  let lastPosition = settings.resume_ms;
  let lastBeat = 0;
  let completed = root.dataset.completed === "yes";

  const post = (url, body) =>
    fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
      body: JSON.stringify(body),
    });

  async function open(takeOver) {
    let answer;
    try {
      answer = await post(settings.open, { device, take_over: takeOver });
    } catch {
      say("offline");
      window.setTimeout(() => open(takeOver), 5000);
      return;
    }
    if (answer.redirected || answer.status === 401) return say("signed-out");
    const body = await answer.json();
    if (!answer.ok) return say(body.error === "active_elsewhere" ? "elsewhere" : "stopped");
    generation = body.generation;
    sequence = 0;
    kept = [];
    say("ready");
    beat();
  }

  const position = () => (video ? Math.max(0, Math.round(video.currentTime * 1000)) : 0);

  function beat(at) {
    if (!generation) return;
    sequence += 1;
    kept.push({
      generation,
      sequence,
      position_ms: at === undefined ? position() : at,
      rate_percent: video ? Math.round(video.playbackRate * 100) : 100,
      visible: !wasHidden && !document.hidden,
      sent_ms: Math.round(performance.now()),
    });
    wasHidden = document.hidden;
    lastBeat = performance.now();
    if (kept.length > MOST_KEPT) kept.shift();
    send();
  }

  async function send() {
    if (sending || !kept.length) return;
    sending = true;
    const batch = kept.slice();
    try {
      const answer = await post(settings.beat, { beats: batch });
      if (answer.redirected || answer.status === 401) { generation = 0; say("signed-out"); return; }
      const body = await answer.json();
      kept = kept.filter((one) => !batch.includes(one));
      if (answer.ok) show(body);
      else { generation = 0; if (video) video.pause(); say(body.error === "taken_over" ? "taken" : "stopped"); }
    } catch {
      say("offline"); // the beats stay and go together with the next one
      window.setTimeout(send, 3000);
    } finally {
      sending = false;
    }
    if (kept.length > 1 && generation) send();
  }

  function show(progress) {
    say(progress.verdict === "hidden" ? "hidden" : "ready");
    const done = Math.min(progress.credited_ms, progress.needed_ms);
    if (meter) { meter.max = progress.needed_ms; meter.value = done; }
    if (credited) credited.textContent = clock(done);
    draw(progress);
    if (progress.completed && !completed) {
      completed = true;
      root.dataset.completed = "yes";
      document.getElementById("done").hidden = false;
      if (next) next.hidden = false;
      document.getElementById("done").focus();
    }
  }

  const clock = (ms) => {
    const seconds = Math.floor(ms / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };

  // The gaps as buttons: she can play just what is missing.
  function draw(progress) {
    const list = document.getElementById("gaps");
    if (!list || !video) return;
    list.replaceChildren();
    progress.gaps.filter(([from, to]) => to - from > 1000).slice(0, 8).forEach(([from, to]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-quiet";
      button.textContent = `${clock(from)}–${clock(to)}`;
      button.addEventListener("click", () => { video.currentTime = from / 1000; video.play(); });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
  }

  if (video) {
    video.addEventListener("loadedmetadata", () => {
      if (settings.resume_ms > 1000 && video.currentTime < 1) video.currentTime = settings.resume_ms / 1000;
    });
    video.addEventListener("timeupdate", () => { if (!video.seeking) lastPosition = position(); });
    video.addEventListener("play", () => beat());
    video.addEventListener("pause", () => beat());
    video.addEventListener("ended", () => beat());
    video.addEventListener("ratechange", () => beat());
    video.addEventListener("seeking", () => beat(lastPosition));
    video.addEventListener("seeked", () => { lastPosition = position(); beat(); });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) wasHidden = true;
    beat();
  });
  window.addEventListener("online", send);
  root.querySelectorAll("[data-take-over]").forEach((button) => button.addEventListener("click", () => open(true)));
  root.querySelectorAll("[data-reopen]").forEach((button) => button.addEventListener("click", () => open(true)));

  // A timer, not timeupdate: full screen inside chat apps stops timeupdate.
  window.setInterval(() => {
    const playing = video ? !video.paused && !video.ended : !completed;
    if (generation && playing && performance.now() - lastBeat >= BEAT_MS - 250) beat();
  }, 500);

  open(false);
})();
