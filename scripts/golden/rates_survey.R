# Standard errors of rates under sampling designs, from R's survey, and bootstrap limits of a ratio on
# given frequencies, from R's boot.
#
# rate_papers.csv     60 papers with strata, clusters, weights and the cells of four items: 'always'
#                     applies to all, 'some' and 'rare' do not, 'constant' is always yes.
# rate_errors.csv     rate and linearised standard error of targets under designs. Papers to which no
#                     item of the target applies are left out before the design is made, so that the
#                     factors n/(n - 1) count the units that take part. Only targets that apply
#                     in every paper are used with strata.
# ratio_papers.csv    20 papers with y passed of m applicable cells.
# ratio_frequencies.csv  how often each of these papers is in each of 999 resamples of boot.
# ratio_limits.csv    limits of boot.ci for the ratio sum(y) / sum(m) on these resamples, with the
#                     influence values (y - R m) / mean(m); 'studentized' on the logit scale with
#                     linearised variances.
# weighted_quantiles.csv  quantiles of type 7 of values repeated as often as their weights say.
#
# Run from the root of the repository: Rscript scripts/golden/rates_survey.R

suppressMessages({library(boot); library(survey)})
options(survey.lonely.psu = "adjust")
set.seed(20260501)
text <- function(x) sprintf("%.17g", x)
folder <- "Tests/SurveyStatsTests/Golden/estimators/"
write_golden <- function(name, lines, packages) {
  source <- paste("#", R.version.string, paste(packages, sapply(packages, function(p)
    as.character(packageVersion(p))), collapse = " "))
  writeLines(c(source, lines), paste0(folder, name, ".csv"))
}

n <- 60
papers <- data.frame(
  paper = sprintf("paper-%02d", 1:n),
  stratum = rep(c("a", "b", "c"), c(24, 30, 6)),
  weight = sample(c(0.5, 1, 1.5, 2.25), n, TRUE))
papers$cluster <- paste0(papers$stratum, ceiling(ave(1:n, papers$stratum, FUN = seq_along) / 4))
latent <- rnorm(n) + rep(rnorm(16), length.out = n)[as.integer(factor(papers$cluster))]
papers$always <- as.integer(latent + rnorm(n) > 0)
papers$some <- ifelse(runif(n) < 0.6, as.integer(latent + rnorm(n) > 0.5), NA)
papers$rare <- ifelse(runif(n) < 0.15, as.integer(runif(n) < 0.4), NA)
papers$constant <- 1L
papers <- papers[sample(n), ]
cell <- function(x) ifelse(is.na(x), "NA", x)
columns <- c("paper", "stratum", "cluster", "weight", "always", "some", "rare", "constant")
write_golden("rate_papers", c(
  paste(columns, collapse = ","),
  apply(sapply(papers[columns], cell), 1, function(row) paste(trimws(row), collapse = ","))),
  "survey")

targets <- list(always = "always", some = "some", rare = "rare", pair = c("some", "rare"),
  all = c("always", "some", "rare"))
designs <- list(
  plain = function(d) svydesign(~1, data = d, weights = ~one),
  weighted = function(d) svydesign(~1, data = d, weights = ~weight),
  clustered = function(d) svydesign(~cluster, data = d, weights = ~one),
  `clustered weighted` = function(d) svydesign(~cluster, data = d, weights = ~weight),
  stratified = function(d) svydesign(~1, strata = ~stratum, data = d, weights = ~one),
  `stratified weighted` = function(d) svydesign(~1, strata = ~stratum, data = d, weights = ~weight),
  `stratified clustered` =
    function(d) svydesign(~cluster, strata = ~stratum, data = d, weights = ~one),
  `stratified clustered weighted` =
    function(d) svydesign(~cluster, strata = ~stratum, data = d, weights = ~weight),
  `lonely units` =
    function(d) svydesign(~cluster, strata = ~lonely, data = d, weights = ~weight))
papers$one <- 1
papers$lonely <- ifelse(papers$cluster == "c1", "lonely", papers$stratum)
lines <- "design,target,rate,std_error"
for (design in names(designs)) for (target in names(targets)) {
  d <- papers
  cells <- as.matrix(d[targets[[target]]])
  d$y <- rowSums(cells, na.rm = TRUE)
  d$m <- rowSums(!is.na(cells))
  if (grepl("stratified|lonely", design) && any(d$m == 0)) next
  fit <- svyratio(~y, ~m, designs[[design]](d[d$m > 0, ]))
  lines <- c(lines, paste(design, target, text(coef(fit)), text(SE(fit)), sep = ","))
}
write_golden("rate_errors", lines, "survey")

n <- 20
m <- sample(0:9, n, TRUE); m[1:2] <- c(0, 9)
y <- rbinom(n, m, 0.35 + 0.3 * (m > 4))
write_golden("ratio_papers", c("y,m", paste(y, m, sep = ",")), "boot")
ratio <- function(d, f) {
  r <- sum(f * d$y) / sum(f * d$m)
  g <- sum(d$m > 0)
  c(r, g / (g - 1) * sum(f * (d$y - r * d$m)^2) / sum(f * d$m)^2)
}
result <- boot(data.frame(y, m), ratio, R = 999, stype = "f")
frequencies <- boot.array(result)
write_golden("ratio_frequencies", c(
  paste0("paper", 1:n, collapse = ","), apply(frequencies, 1, paste, collapse = ",")), "boot")
r <- result$t0[1]
L <- (y - r * m) / mean(m)
logit <- function(p) log(p / (1 - p))
lines <- "method,level,lower,upper"
for (level in c(0.8, 0.95)) {
  add <- function(method, limits)
    lines <<- c(lines, paste(method, level, text(limits[1]), text(limits[2]), sep = ","))
  ci <- boot.ci(result, conf = level, type = c("norm", "basic", "perc", "bca"), index = 1, L = L)
  add("normal", ci$normal[2:3])
  add("basic", ci$basic[4:5])
  add("percentile", ci$percent[4:5])
  add("bca", ci$bca[4:5])
  ci <- boot.ci(result, conf = level, type = "stud", index = 1:2, h = logit,
    hdot = function(p) 1 / (p * (1 - p)), hinv = plogis)
  add("studentized", ci$student[4:5])
}
write_golden("ratio_limits", lines, "boot")

lines <- "values,weights,probability,quantile"
for (case in 1:12) {
  size <- c(1, 1, 2, 3, 5, 8, 8, 13, 13, 21, 34, 5)[case]
  values <- sort(round(runif(size) * 100, 1))
  weights <- rpois(size, c(1, 0.7, 3)[case %% 3 + 1])
  if (sum(weights) == 0) weights[1] <- 1
  for (p in c(0, 0.05, 0.25, 0.5, 0.75, 0.9, 1)) {
    lines <- c(lines, paste(paste(text(values), collapse = " "), paste(weights, collapse = " "),
      p, text(quantile(rep(values, weights), p, type = 7)), sep = ","))
  }
}
write_golden("weighted_quantiles", lines, "base")
