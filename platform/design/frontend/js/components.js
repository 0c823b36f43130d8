// Alpine components (the CSP build takes names and simple expressions only).
export const components = {
  // <div x-data="choice" data-value="COMPANY"> <select x-model="value"> <div x-show="value === 'COMPANY'">
  choice() {
    return { value: this.$el.dataset.value || "" };
  },
  // A Django formset: <div x-data="formset" data-prefix="lines"> <template x-ref="blank">…__prefix__…</template> <div x-ref="rows">
  formset() {
    return {
      add() {
        const total = this.$el.closest("form").elements[`${this.$root.dataset.prefix}-TOTAL_FORMS`];
        const row = this.$refs.blank.content.cloneNode(true);
        row.querySelectorAll("[name], [id], [for]").forEach((element) => {
          for (const name of ["name", "id", "for"]) {
            const value = element.getAttribute(name);
            if (value) element.setAttribute(name, value.replace("__prefix__", total.value));
          }
        });
        this.$refs.rows.append(row);
        total.value = Number(total.value) + 1;
        this.$refs.rows.lastElementChild.querySelector("input, select")?.focus();
      },
      drop() {
        const row = this.$el.closest("[data-row]");
        const mark = row.querySelector("[name$=-DELETE]");
        if (mark) { mark.checked = true; row.hidden = true; } else { row.remove(); }
      },
    };
  },
};
