// The lesson player. It tells the server where the media stands; the server decides what that is worth.
// Nothing here is trusted: without beats there is no credit, and no beat can buy more than the time it took.
(() => {
  "use strict";
  const root = document.getElementById("player");
  if (!root) return;
  const settings = JSON.parse(document.getElementById("player-settings").textContent);
  const csrf = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const video = root.querySelector("video");
  const credited = document.getElementById("credited");
  const meter = document.getElementById("credited-meter");
  const bar = document.getElementById("watched");
  const missing = document.getElementById("missing");
  const next = document.getElementById("next");
  const panel = document.getElementById("presence");
  const askButton = document.getElementById("presence-ask");
  const BEAT_MS = 10000;
  const MOST_KEPT = 18; // three minutes without network
  const LINGER_MS = 2500; // after the end: what the network delayed is paid by waiting

  let generation = 0;
  let sequence = 0;
  let seen = !document.hidden; // visible ever since the beat before
  let kept = [];
  let sending = false;
  let lastPosition = settings.resume_ms;
  let lastBeat = 0;
  let completed = root.dataset.completed === "yes";
  let check = null; // what stands between her and credit: an open question, or one that failed
  let wasPlaying = false; // before the question came
  let before = null; // what had the focus
  let deadline = 0;

  // ── words ────────────────────────────────────────────────────────────────

  function say(name, message) {
    root.querySelectorAll("[data-say]").forEach((part) => {
      part.hidden = part.dataset.say !== name;
      if (!part.hidden && message) part.querySelector("[data-words]").textContent = message;
    });
    root.dataset.state = name;
  }

  function refused(body) {
    generation = 0;
    kept = [];
    confirmPresence(null);
    if (video) video.pause();
    if (body.error === "active_elsewhere") say("elsewhere");
    else if (body.error === "taken_over") say("taken");
    else say("stopped", body.message);
  }

  function signedOut() {
    generation = 0;
    confirmPresence(null);
    if (video) video.pause();
    say("signed-out");
  }

  const words = (ms) => {
    const seconds = Math.floor(ms / 1000);
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${Math.floor(seconds / 60) % 60}:${pad(seconds % 60)}`;
    return hours ? `${hours}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}` : rest;
  };

  // ── the network ──────────────────────────────────────────────────────────

  // One name per tab, so that the server can tell a second window from a reload of this one.
  function deviceName() {
    const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    try {
      const name = sessionStorage.getItem("yz-device") || fresh();
      sessionStorage.setItem("yz-device", name);
      return name;
    } catch {
      return fresh(); // a browser that keeps nothing: every load is a window of its own
    }
  }
  const device = deviceName();

  // Throws when the network or the server is away; null when the session has ended.
  async function post(url, body) {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true, // also while the page is being left
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, Accept: "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.redirected || answer.status === 401 || answer.status === 403) return null;
    if (answer.status >= 500) throw new Error("away");
    return { ok: answer.ok, body: await answer.json() };
  }

  async function open(takeOver) {
    let answer;
    try {
      answer = await post(settings.open, { device, take_over: takeOver });
    } catch {
      say("offline");
      window.setTimeout(() => open(takeOver), 3000);
      return;
    }
    if (answer === null) return signedOut();
    if (!answer.ok) return refused(answer.body);
    generation = answer.body.generation;
    sequence = 0;
    kept = [];
    say("ready");
    confirmPresence(answer.body.presence);
    beat();
  }

  const position = () => (video ? Math.max(0, Math.round(video.currentTime * 1000)) : 0);

  function beat(at) {
    if (!generation || completed) return;
    sequence += 1;
    kept.push({
      generation,
      sequence,
      position_ms: at === undefined ? position() : at,
      rate_percent: video ? Math.round(video.playbackRate * 100) : 100,
      visible: seen,
      sent_ms: Math.round(performance.now()),
    });
    seen = !document.hidden;
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
      kept = kept.filter((one) => !batch.includes(one));
      if (answer === null) signedOut();
      else if (answer.ok) show(answer.body);
      else if (batch[0].generation === generation) refused(answer.body);
    } catch {
      say("offline"); // the beats stay and go together with the next ones
      window.setTimeout(send, 3000);
      return;
    } finally {
      sending = false;
    }
    if (kept.length && generation) send();
  }

  // ── is she there ─────────────────────────────────────────────────────────

  // The server asks; while it waits, the film does too, so that nothing is missed and nothing is lost.
  function confirmPresence(asked) {
    const last = check;
    check = completed ? null : asked;
    if (!check) {
      if (!last) return;
      window.clearTimeout(deadline);
      panel.hidden = true;
      panel.dataset.state = "";
      if (before) before.focus({ preventScroll: true });
      if (video && wasPlaying && generation && !video.ended) play();
      wasPlaying = false;
      return;
    }
    if (last && (last.token || last.why) === (check.token || check.why)) return; // it is on the screen
    if (!last) {
      before = document.activeElement;
      wasPlaying = Boolean(video) && !video.paused;
      leaveFullScreen();
      if (navigator.vibrate) navigator.vibrate(200);
    }
    if (video) video.pause();
    const state = check.state === "open" ? "open" : check.why;
    panel.querySelectorAll("[data-presence]").forEach((part) => { part.hidden = part.dataset.presence !== state; });
    askButton.hidden = state === "open";
    window.clearTimeout(deadline);
    if (state === "open") {
      choices(check);
      deadline = window.setTimeout(() => confirmPresence({ state: "owed", why: "missed" }), check.left_ms);
    }
    panel.hidden = false;
    panel.dataset.state = state;
    panel.focus({ preventScroll: true });
  }

  function choices(asked) {
    document.getElementById("presence-question").textContent = asked.question;
    panel.querySelector(".presence-choices").replaceChildren(
      ...asked.choices.map((word, choice) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button-secondary";
        button.textContent = word;
        button.addEventListener("click", () => tell({ token: asked.token, choice }));
        return button;
      })
    );
  }

  // With a token: her answer. Without: she takes the question she owes.
  async function tell(words) {
    if (!generation) return;
    const at = generation;
    let answer;
    try {
      answer = await post(settings.presence, { generation: at, ...words });
    } catch {
      say("offline");
      const stands = words.token ? check && check.token === words.token : check;
      if (stands) window.setTimeout(() => tell(words), 3000);
      return;
    }
    if (at !== generation) return;
    if (answer === null) signedOut();
    else if (answer.ok) show(answer.body);
    else if (answer.body.error === "check_over") tell({}); // the answer had arrived, only its echo was lost
    else refused(answer.body);
  }

  function leaveFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    else if (video && video.webkitDisplayingFullscreen) video.webkitExitFullscreen();
  }

  // ── what the server made of it ───────────────────────────────────────────

  function show(progress) {
    say({ hidden: "hidden", too_fast: "fast" }[progress.verdict] || "ready");
    const done = Math.min(progress.credited_ms, progress.needed_ms);
    credited.textContent = words(done);
    if (meter) { meter.max = progress.needed_ms; meter.value = done; }
    draw(progress);
    if (progress.completed && !completed) {
      completed = true;
      root.dataset.completed = "yes";
      confirmPresence(null);
      say("");
      document.getElementById("done").hidden = false;
      if (next) next.hidden = false;
      document.getElementById("done").focus({ preventScroll: !video });
    }
    confirmPresence(progress.presence);
  }

  // The stretches that count, and the gaps as buttons: she can play just what is missing.
  function draw(progress) {
    if (!bar) return;
    bar.querySelectorAll(".timeline-watched").forEach((part) => part.remove());
    for (const [from, to] of progress.watched) {
      const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      part.setAttribute("class", "timeline-watched");
      part.setAttribute("x", `${(100 * from) / progress.needed_ms}%`);
      part.setAttribute("width", `${(100 * (to - from)) / progress.needed_ms}%`);
      part.setAttribute("height", "100%");
      bar.append(part);
    }
    bar.parentElement.classList.toggle("timeline-whole", progress.completed);
    const gaps = progress.completed ? [] : progress.gaps.filter(([from, to]) => to - from >= 500).slice(0, 8);
    missing.hidden = !gaps.length || !progress.watched.length;
    missing.querySelector("ul").replaceChildren(
      ...gaps.map(([from, to]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = `${words(from)}–${words(to)}`;
        button.addEventListener("click", () => { video.currentTime = from / 1000; play(); });
        const item = document.createElement("li");
        item.append(button);
        return item;
      })
    );
  }

  // ── what happens on the page ─────────────────────────────────────────────

  const play = () => video.play().catch(() => {}); // a browser may want a tap first

  if (video) {
    video.addEventListener("loadedmetadata", () => {
      if (!completed && settings.resume_ms > 1000 && video.currentTime < 1) video.currentTime = settings.resume_ms / 1000;
    });
    video.addEventListener("timeupdate", () => { if (!video.seeking) lastPosition = position(); });
    video.addEventListener("play", () => {
      if (check) { video.pause(); panel.focus({ preventScroll: true }); return; } // it would be held, or not count
      if (generation || completed) return beat();
      const notice = root.querySelector("[data-say]:not([hidden]) button");
      if (notice) { video.pause(); notice.focus(); } // what is played now would not count
    });
    video.addEventListener("pause", () => beat());
    video.addEventListener("ratechange", () => beat());
    video.addEventListener("seeking", () => beat(lastPosition));
    video.addEventListener("seeked", () => { lastPosition = position(); beat(); });
    video.addEventListener("ended", () => {
      beat();
      for (const times of [1, 2, 3]) window.setTimeout(() => { if (video.ended) beat(); }, times * LINGER_MS);
    });
  }
  document.addEventListener("visibilitychange", () => beat());
  window.addEventListener("pagehide", () => beat());
  window.addEventListener("pageshow", (event) => { if (event.persisted && !completed) open(false); });
  window.addEventListener("online", send);
  root.querySelectorAll("[data-open]").forEach((button) => button.addEventListener("click", () => open(true)));
  askButton.addEventListener("click", () => tell({}));

  // A timer, not timeupdate: full screen inside chat apps stops timeupdate.
  window.setInterval(() => {
    const playing = video ? !video.paused && !video.ended : true;
    if (playing && performance.now() - lastBeat >= BEAT_MS - 250) beat();
  }, 500);

  draw(settings);
  if (!completed) open(false);
})();
