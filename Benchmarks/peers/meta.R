# Processor time of metafor on the counts of `meta speed --counts FILE`: 64 items in 40 venues.
# usage: Rscript Benchmarks/peers/meta.R FILE
suppressMessages(library(metafor))
counts <- read.csv(commandArgs(TRUE)[1])
items <- split(counts, counts$item)
once <- function(name, work) {
  failures <- 0
  seconds <- system.time(for (item in items) {
    tryCatch(work(item), error = function(e) failures <<- failures + 1)
  })[["user.self"]]
  cat(sprintf("%s: %.0f ms, %d of %d failed\n", name, 1000 * seconds, failures, length(items)))
}
cat("metafor", as.character(packageVersion("metafor")), "\n")
for (run in 1:3) {
  once("REML, Knapp-Hartung, prediction, Q profile", function(item) {
    fit <- rma(measure = "PLO", xi = events, ni = total, data = item, test = "adhoc")
    predict(fit)
    confint(fit)
  })
}
for (run in 1:3) {
  once("binomial-normal", function(item) {
    rma.glmm(measure = "PLO", xi = events, ni = total, data = item)
  })
}
