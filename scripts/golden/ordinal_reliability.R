# Reliability of the latent variables behind binary items, from tetrachoric correlations, for
# Tests/SurveyStatsTests/Golden/factors/ordinal_reliability.csv.
#
# Needs psych. usage: cd Tests/SurveyStatsTests/Golden/factors && Rscript .../ordinal_reliability.R
suppressMessages(library(psych))

rows <- character()
put <- function(name, quantity, value) {
  rows <<- c(rows, sprintf("%s,%s,0,0,%.17g", name, quantity, value))
}
ordinal <- function(name, X) {
  suppressWarnings(suppressMessages({
    R <- tetrachoric(X, correct = 0, smooth = FALSE)$rho
    a <- psych::alpha(R, check.keys = FALSE)
    g <- guttman(R)
  }))
  put(name, "alpha", a$total$raw_alpha)
  put(name, "mean_correlation", a$total$average_r)
  # Of an odd number of items psych tries only half of the splits and can miss the best one (lsat6:
  # .487 for .517), so lambda 4 is found here by trying all.
  halves <- combn(ncol(R), floor(ncol(R) / 2))
  g$lambda.4 <- max(apply(halves, 2, function(h) 4 * sum(R[h, -h]) / sum(R)))
  for (k in 1:6) put(name, paste0("lambda_", k), g[[paste0("lambda.", k)]])
}
ordinal("lsat6", psych::lsat6)
ordinal("lsat7", psych::lsat7)
header <- paste0("# R ", getRversion(), ", psych ", packageVersion("psych"),
                 ", scripts/golden/ordinal_reliability.R")
writeLines(c(header, "case,quantity,row,column,value", rows), "ordinal_reliability.csv")
