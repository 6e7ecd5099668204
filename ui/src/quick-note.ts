import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import { mount } from "svelte";
import { connect } from "$host";
import QuickNote from "./views/quick-note/QuickNote.svelte";

await connect();
mount(QuickNote, { target: document.getElementById("app")! });
