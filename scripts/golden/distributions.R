# Distribution functions, survival functions, densities and quantiles of R on a grid.
#
# Run from the root of the repository: Rscript scripts/golden/distributions.R

out <- "Tests/SurveyStatsTests/Golden/numerics/distributions.csv"
text <- function(x) sprintf("%.17g", x)

tails <- c(1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 1e-3, 0.025, 0.05, 0.2, 0.5)
families <- list(
  normal = list(p = pnorm, q = qnorm, d = dnorm, parameters = list(c())),
  t = list(p = pt, q = qt, d = dt,
           parameters = lapply(c(0.7, 1, 2, 3, 4.5, 10, 29, 120, 5000, 1e6), c)),
  chisq = list(p = pchisq, q = qchisq, d = dchisq,
               parameters = lapply(c(0.5, 1, 2, 3, 7.5, 40, 1000, 12345), c)),
  beta = list(p = pbeta, q = qbeta, d = dbeta,
              parameters = list(c(0.5, 0.5), c(1, 1), c(1, 30), c(0.5, 100.5), c(2, 3), c(7, 0.8),
                                c(20, 81), c(500.5, 3), c(300, 700), c(5000, 5001))),
  f = list(p = pf, q = qf, d = df,
           parameters = list(c(1, 1), c(1, 10), c(2, 7), c(5, 3.5), c(12, 200), c(300, 40))))

rows <- list()
add <- function(name, parameters, x, family) {
  call <- function(f, ...) do.call(f, c(list(x), as.list(parameters), list(...)))
  rows[[length(rows) + 1]] <<- c(
    name, text(c(parameters, NA, NA)[1]), text(c(parameters, NA, NA)[2]), text(x),
    text(call(family$p)), text(call(family$p, lower.tail = FALSE)), text(call(family$d)))
}
for (name in names(families)) {
  family <- families[[name]]
  for (parameters in family$parameters) {
    quantile <- function(p, lower) do.call(
      family$q, c(list(p), as.list(parameters), list(lower.tail = lower)))
    x <- c(sapply(tails, quantile, lower = TRUE), sapply(tails, quantile, lower = FALSE))
    # Seven digits are enough to stay in the tail, and make the argument easy to read.
    for (value in unique(signif(x[is.finite(x) & x != 0], 7))) add(name, parameters, value, family)
  }
}
lines <- c(paste("#", R.version.string, "pnorm pt pchisq pbeta pf and their densities"),
           "distribution,first,second,x,cdf,survival,density",
           sapply(rows, function(r) gsub("NA", "", paste(r, collapse = ","))))
writeLines(lines, out)

# The binomial distribution, on whole numbers.
out <- "Tests/SurveyStatsTests/Golden/numerics/binomial.csv"
lines <- c(paste("#", R.version.string, "pbinom dbinom qbinom"),
           "trials,probability,successes,cdf,survival,density,quantile_of_cdf")
for (n in c(1, 2, 10, 67, 1000)) for (p in c(0.001, 0.3, 0.5, 0.97)) {
  for (k in unique(round(seq(0, n, length.out = 12)))) {
    lines <- c(lines, paste(n, text(p), k, text(pbinom(k, n, p)),
                            text(pbinom(k, n, p, lower.tail = FALSE)), text(dbinom(k, n, p)),
                            qbinom(pbinom(k, n, p), n, p), sep = ","))
  }
}
writeLines(lines, out)
