# Storey's q-values with the share of true null hypotheses by the closed form of a bootstrap.
# Writes Tests/SurveyStatsTests/Golden/correlation/q_values.csv.
suppressPackageStartupMessages(library(qvalue))
path <- "Tests/SurveyStatsTests/Golden/correlation/q_values.csv"
set.seed(20261130)
sets <- list(
  mixed = c(round(rbeta(25, 0.3, 6), 6), round(runif(55), 6)),
  null = round(runif(40), 6),
  ties = round(c(rbeta(30, 0.4, 4), runif(30)), 2),
  few = round(c(rbeta(8, 0.3, 5), runif(12)), 6))
rows <- do.call(rbind, lapply(names(sets), function(name) {
  # The package needs a p-value above 0.95.
  p <- c(pmin(1, pmax(1e-6, sets[[name]])), 0.97)
  q <- qvalue(p, pi0.method = "bootstrap")$qvalues
  data.frame(set = name, p = format(p, digits = 17), q = format(q, digits = 17))
}))
file <- file(path, "w")
writeLines(paste0("# Made p-values; qvalue::qvalue(pi0.method = \"bootstrap\") ", packageVersion("qvalue"),
                  ", ", R.version.string), file)
write.csv(rows, file, row.names = FALSE, quote = FALSE)
close(file)
