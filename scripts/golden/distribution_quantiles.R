# Quantile functions of R on a grid, from tails of 1e-300 to one half.
#
# R is not accurate everywhere: qf forms 1/qbeta - 1, which cancels in the lower tail, and qt loses
# digits from about 1e-100. A quantile that R's own distribution function does not send back to
# the tail, within 1e-12 and the rounding of the quantile, is left empty.
#
# Run from the root of the repository: Rscript scripts/golden/distribution_quantiles.R

out <- "Tests/SurveyStatsTests/Golden/numerics/quantiles.csv"
text <- function(x) sprintf("%.17g", x)
tails <- c(1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 1e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.4, 0.5)
families <- list(
  normal = list(q = qnorm, p = pnorm, d = dnorm, parameters = list(c())),
  t = list(q = qt, p = pt, d = dt, parameters = lapply(c(1, 2, 3, 4.5, 10, 29, 120, 5000, 1e6), c)),
  chisq = list(q = qchisq, p = pchisq, d = dchisq, parameters = lapply(c(1, 2, 3, 7.5, 40, 1000), c)),
  beta = list(q = qbeta, p = pbeta, d = dbeta, parameters = list(c(0.5, 0.5), c(1, 30), c(0.5, 100.5), c(2, 3), c(7, 0.8),
                                           c(20, 81), c(500.5, 3), c(300, 700))),
  f = list(q = qf, p = pf, d = df, parameters = list(c(1, 10), c(2, 7), c(5, 3.5), c(12, 200), c(300, 40))))
lines <- c(paste("#", R.version.string, "qnorm qt qchisq qbeta qf"),
           "distribution,first,second,tail,lower_quantile,upper_quantile")
for (name in names(families)) for (parameters in families[[name]]$parameters) for (tail in tails) {
  call <- function(f, x, ...) do.call(families[[name]][[f]], c(list(x), as.list(parameters), ...))
  quantile <- function(lower) {
    x <- call("q", tail, list(lower.tail = lower))
    error <- abs(call("p", x, list(lower.tail = lower)) - tail) / tail
    allowed <- 1e-12 + 2e-16 * abs(x) * call("d", x, list()) / tail
    if (is.finite(x) && x != 0 && is.finite(allowed) && error < allowed) text(x) else ""
  }
  fields <- c(name, text(c(parameters, NA, NA)[1:2]), text(tail), quantile(TRUE), quantile(FALSE))
  lines <- c(lines, gsub("NA", "", paste(fields, collapse = ",")))
}
writeLines(lines, out)
