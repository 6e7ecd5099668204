import { HOME, link, parseRoute, type Route } from "./router";

/** Where the window is. */
class Place {
  route = $state.raw<Route>(HOME);
  #beforeSearch: Route = HOME;

  open(): () => void {
    const read = () => {
      this.route = parseRoute(location.hash);
      if (this.route.view !== "search") this.#beforeSearch = this.route;
    };
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }

  go(route: Route, how: "push" | "replace" = "push"): void {
    const hash = link(route);
    if (location.hash === hash) return;
    if (how === "push") {
      location.hash = hash;
      return;
    }
    history.replaceState(history.state, "", hash);
    this.route = route;
    if (route.view !== "search") this.#beforeSearch = route;
  }

  back(): void {
    history.back();
  }

  leaveSearch(): void {
    this.go(this.#beforeSearch);
  }
}

export const place = new Place();
