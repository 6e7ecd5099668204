import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { connect } from "$host";

await connect();
mount(App, { target: document.getElementById("app")! });
