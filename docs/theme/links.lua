-- Links between pages: those to Markdown lead to the page made of it, those out of docs/ become text.
function Link(link)
  local target = link.target
  if target:match("^%a+:") or target:match("^#") then return link end
  if target:match("^%.%./") then return link.content end
  link.target = target:gsub("README%.md", "index.html"):gsub("%.md", ".html")
  return link
end
