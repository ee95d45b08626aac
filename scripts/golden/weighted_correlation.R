# Writes the reference values of coefficients of weighted, clustered and stratified papers
# (designed.csv) and the answers they are from (designed_answers.csv). Run in the folder
# Tests/SurveyStatsTests/Golden/correlation. Needs survey.
suppressMessages(library(survey))
options(digits = 17)
header <- paste0("# R ", getRversion(), ", survey ", packageVersion("survey"),
                 ", scripts/golden/weighted_correlation.R")
# 24 clusters of 5 papers in 4 strata of 6 clusters; answers that go together within clusters.
set.seed(7)
clusters <- rep(1:24, each = 5); strata <- rep(1:4, each = 30)
shared <- rnorm(24)[clusters]
trait <- 0.7 * shared + rnorm(120)
cut <- function(k, t) as.integer(0.9 * trait + rnorm(120) + 0.5 * shared > t)
d <- data.frame(cluster = clusters, stratum = strata,
                weight = round(exp(rnorm(120)), 3),
                a = cut(1, 0), b = cut(2, 0.5), c = cut(3, -0.6), d = cut(4, 0.2))
d$x <- round(d$a + d$b + rnorm(120), 1); d$y <- round(d$c + d$d + rnorm(120), 1)
out <- file("designed_answers.csv", "w"); writeLines(header, out)
write.csv(d, out, row.names = FALSE, quote = FALSE); close(out)

rows <- list()
put <- function(case, quantity, value)
  rows[[length(rows) + 1]] <<- data.frame(case, quantity, row = seq_along(value) - 1, column = 0,
                                          value = sprintf("%.17g", as.vector(value)))
# Estimate and linearised standard error of functions of the means of cells, by survey.
cells <- transform(d, n11 = a * b, n10 = a * (1 - b), n01 = (1 - a) * b, n00 = (1 - a) * (1 - b))
expressions <- list(
  phi = quote((n11 * n00 - n10 * n01) /
              sqrt((n11 + n10) * (n01 + n00) * (n11 + n01) * (n10 + n00))),
  odds_ratio = quote(n11 * n00 / (n10 * n01)), jaccard = quote(n11 / (n11 + n10 + n01)),
  conditional = quote(n11 / (n11 + n10)), lift = quote(n11 / ((n11 + n10) * (n11 + n01))),
  yule_q = quote((n11 * n00 - n10 * n01) / (n11 * n00 + n10 * n01)))
designs <- list(
  clustered = svydesign(ids = ~cluster, weights = rep(1, 120), data = cells),
  stratified = svydesign(ids = ~1, strata = ~stratum, weights = rep(1, 120), data = cells),
  both = svydesign(ids = ~cluster, strata = ~stratum, weights = rep(1, 120), data = cells),
  weighted = svydesign(ids = ~1, weights = ~weight, data = cells))
for (name in names(designs)) {
  m <- svymean(~n11 + n10 + n01 + n00, designs[[name]])
  for (e in names(expressions)) {
    k <- svycontrast(m, expressions[[e]])
    put(name, e, c(coef(k), SE(k)))
  }
  # Pearson of x and y: a function of the means of x, y, their squares and product.
  s <- update(designs[[name]], xx = x * x, yy = y * y, xy = x * y)
  k <- svycontrast(svymean(~x + y + xx + yy + xy, s),
                   quote((xy - x * y) / sqrt((xx - x^2) * (yy - y^2))))
  put(name, "pearson", c(coef(k), SE(k)))
}
w <- cov.wt(d[, c("a", "b", "c", "d")], wt = d$weight / sum(d$weight), cor = TRUE)
put("weighted", "correlations", w$cor)
put("weighted", "eigenvalues", eigen(w$cor)$values)
put("weighted", "alpha", 4 / 3 * (1 - sum(diag(w$cov)) / sum(w$cov)))
put("weighted", "standardized_alpha", 4 / 3 * (1 - 4 / sum(w$cor)))
# Spearman: Pearson of weighted mid-ranks. Kendall: tau-b of pairs weighted by the product.
ranks <- function(v) sapply(v, function(t) sum(d$weight[v < t]) + sum(d$weight[v == t]) / 2)
put("weighted", "spearman",
    cov.wt(cbind(ranks(d$x), ranks(d$y)), wt = d$weight / sum(d$weight), cor = TRUE)$cor[1, 2])
tau <- function(weight) {
  p <- outer(weight, weight); u <- sign(outer(d$x, d$x, "-")); v <- sign(outer(d$y, d$y, "-"))
  sum(p * u * v) / sqrt(sum(p * u^2) * sum(p * v^2))
}
put("weighted", "kendall", tau(d$weight))
rho <- function(weight) {
  r <- function(v) sapply(v, function(t) sum(weight[v < t]) + sum(weight[v == t]) / 2)
  cov.wt(cbind(r(d$x), r(d$y)), wt = weight / sum(weight), cor = TRUE)$cor[1, 2]
}
# Influences by numerical derivatives in the weights, for clusters of five.
for (coefficient in c("kendall", "spearman")) {
  f <- if (coefficient == "kendall") tau else rho
  h <- 1e-4
  influence <- sapply(1:120, function(k) {
    e <- replace(numeric(120), k, h); (f(1 + e) - f(1 - e)) / (2 * h)
  })
  sums <- tapply(influence, d$cluster, sum)
  put("clustered", coefficient, c(f(rep(1, 120)), sqrt(24 / 23 * sum(sums^2))))
}
out <- file("designed.csv", "w"); writeLines(header, out)
write.csv(do.call(rbind, rows), out, row.names = FALSE, quote = FALSE); close(out)
