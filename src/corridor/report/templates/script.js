(function () {
  "use strict";
  var page = document.documentElement;
  var english = document.getElementById("lang-en");
  function speak() {
    page.lang = english.checked ? "en" : "zh-CN";
    document.title = english.checked ? page.dataset.en : page.dataset.zh;
  }
  document.getElementById("lang-zh").addEventListener("change", speak);
  english.addEventListener("change", speak);
  speak();

  var tools = document.getElementById("tools");
  if (!tools) return;
  var box = document.getElementById("filter");
  var groups = Array.prototype.slice.call(document.querySelectorAll(".group"));
  var needs = Array.prototype.slice.call(document.querySelectorAll(".group .need"));
  var texts = needs.map(function (need) { return need.textContent.toLowerCase(); });
  function filter() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean), seen = 0;
    needs.forEach(function (need, i) {
      var fits = words.every(function (word) { return texts[i].indexOf(word) >= 0; });
      need.hidden = !fits;
      seen += fits ? 1 : 0;
    });
    groups.forEach(function (group) { group.hidden = !group.querySelector(".need:not([hidden])"); });
    var counts = document.querySelectorAll("#seen .n");
    for (var i = 0; i < counts.length; i++) counts[i].textContent = seen;
  }
  tools.hidden = false;
  box.addEventListener("input", filter);
  window.addEventListener("beforeprint", function () {
    var tables = document.querySelectorAll("details.table");
    for (var i = 0; i < tables.length; i++) tables[i].open = true;
  });
  filter();
})();
