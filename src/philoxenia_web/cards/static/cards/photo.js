"use strict";
/* A photo for a card: from a file or the camera, and where it is cut. Without this script the middle is taken. */
(function () {
  const box = (id) => document.getElementById(id);
  const form = box("photo-form");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const SHAPE = 25 / 32;
  let picture = null;

  file.addEventListener("change", async () => {
    picture = file.files[0] ? await createImageBitmap(file.files[0]).catch(() => null) : null;
    box("photo-cut").hidden = !picture;
    draw();
  });
  for (const name of ["share", "x", "y"]) box(`photo-${name}`).addEventListener("input", draw);

  /* The same cut as the server makes (cards/photos.py). */
  function draw() {
    if (!picture) return;
    const [share, x, y] = ["share", "x", "y"].map((name) => Number(box(`photo-${name}`).value));
    const tall = Math.min(picture.height, picture.width / SHAPE) * share;
    const wide = tall * SHAPE;
    const left = Math.min(Math.max(x * picture.width - wide / 2, 0), picture.width - wide);
    const top = Math.min(Math.max(y * picture.height - tall / 2, 0), picture.height - tall);
    const canvas = box("photo-canvas");
    canvas.getContext("2d").drawImage(picture, left, top, wide, tall, 0, 0, canvas.width, canvas.height);
    for (const [name, value] of Object.entries({ share, x, y })) form.elements[name].value = value;
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    box("photo-camera").hidden = false;
    box("photo-camera").addEventListener("click", open);
  }

  async function open() {
    const video = box("photo-video");
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 960 } } });
    } catch {
      box("photo-camera").hidden = true;
      return;
    }
    video.hidden = false;
    box("photo-take").hidden = false;
    await video.play();
    box("photo-take").onclick = () => take(video);
  }

  function take(video) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    video.srcObject.getTracks().forEach((one) => one.stop());
    video.hidden = true;
    box("photo-take").hidden = true;
    canvas.toBlob((blob) => {
      const held = new DataTransfer();
      held.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      file.files = held.files;
      file.dispatchEvent(new Event("change"));
    }, "image/jpeg", 0.92);
  }
})();
