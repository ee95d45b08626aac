# Reference values for comparisons of groups and for trends. Run from the root of the repository:
#   Rscript scripts/golden/comparison.R
# Needs R package MASS (data birthwt). Intervals that R lacks are solved here by their definition.
library(MASS)
folder <- "Tests/SurveyStatsTests/Golden/comparison"
values <- data.frame()
add <- function(model, quantity, term, value)
  values <<- rbind(values, data.frame(model = model, quantity = quantity,
    term = as.character(term), value = as.numeric(value)))

wilson <- function(x, n) {
  z <- qnorm(0.975); p <- x / n
  (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
}
newcombe <- function(x1, n1, x2, n2) {
  p1 <- x1 / n1; p2 <- x2 / n2; a <- wilson(x1, n1); b <- wilson(x2, n2)
  p1 - p2 + c(-sqrt((p1 - a[1])^2 + (b[2] - p2)^2), sqrt((a[2] - p1)^2 + (p2 - b[1])^2))
}
# Miettinen-Nurminen: the constrained maximum found numerically instead of by the cubic.
miettinen <- function(x1, n1, x2, n2) {
  N <- n1 + n2; cut <- qchisq(0.95, 1)
  statistic <- function(d) {
    ll <- function(p) { q <- p + d
      t <- function(x, n, p) (if (x > 0) x * log(p) else 0) + (if (n > x) (n - x) * log1p(-p) else 0)
      t(x2, n2, p) + t(x1, n1, q) }
    lo <- max(0, -d); hi <- min(1, 1 - d)
    score <- function(p) { q <- p + d
      (if (x2 > 0) x2 / p else 0) - (if (n2 > x2) (n2 - x2) / (1 - p) else 0) +
      (if (x1 > 0) x1 / q else 0) - (if (n1 > x1) (n1 - x1) / (1 - q) else 0) }
    e <- 1e-12 * (hi - lo)
    p <- if (score(lo + e) <= 0) lo else if (score(hi - e) >= 0) hi else
      uniroot(score, c(lo + e, hi - e), tol = 1e-15, maxiter = 2000)$root
    q <- p + d
    v <- (q * (1 - q) / n1 + p * (1 - p) / n2) * N / (N - 1)
    (x1 / n1 - x2 / n2 - d)^2 / v - cut
  }
  est <- x1 / n1 - x2 / n2
  c(if (est <= -1) -1 else uniroot(statistic, c(-1 + 1e-12, est - 1e-9), tol = 1e-13)$root,
    if (est >= 1) 1 else uniroot(statistic, c(est + 1e-9, 1 - 1e-12), tol = 1e-13)$root)
}
tables <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20),
               c(10, 10, 0, 10), c(212, 467, 150, 500))
for (t in tables) {
  name <- paste(t, collapse = "/"); x1 <- t[1]; n1 <- t[2]; x2 <- t[3]; n2 <- t[4]
  ci <- newcombe(x1, n1, x2, n2); add(name, "newcombe", "low", ci[1]); add(name, "newcombe", "high", ci[2])
  ci <- miettinen(x1, n1, x2, n2)
  add(name, "miettinen", "low", ci[1]); add(name, "miettinen", "high", ci[2])
  m <- rbind(c(x1, n1 - x1), c(x2, n2 - x2))
  f <- fisher.test(m); add(name, "fisher", "", f$p.value)
  add(name, "fisher_mid", "", f$p.value - dhyper(x1, n1, n2, x1 + x2) / 2)
  if (x1 + x2 > 0) {
    chi <- suppressWarnings(chisq.test(m, correct = FALSE)$statistic)
    add(name, "chi", "", chi)
    add(name, "chi_n1", "", pchisq(chi * (n1 + n2 - 1) / (n1 + n2), 1, lower.tail = FALSE))
  }
  if (all(m > 0)) {
    add(name, "rr", "", log((x1 / n1) / (x2 / n2)))
    add(name, "rr_se", "", sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2))
    add(name, "or", "", log(m[1, 1] * m[2, 2] / m[1, 2] / m[2, 1])); add(name, "or_se", "", sqrt(sum(1 / m)))
  }
}

paired <- list(c(36, 12, 2, 0), c(20, 12, 2, 16), c(54, 0, 0, 0), c(30, 1, 9, 5), c(0, 30, 0, 24),
               c(10, 5, 5, 10))
for (t in paired) {
  name <- paste(t, collapse = "-"); a <- t[1]; b <- t[2]; c2 <- t[3]; d <- t[4]; n <- sum(t)
  m <- min(b, c2)
  add(name, "exact", "", if (b + c2 > 0) binom.test(b, b + c2)$p.value else 1)
  add(name, "mid", "", 2 * pbinom(m, b + c2, 0.5) - dbinom(m, b + c2, 0.5))
  if (b + c2 > 0) add(name, "mcnemar", "", mcnemar.test(matrix(c(a, c2, b, d), 2), correct = FALSE)$statistic)
  p1 <- (a + b) / n; p2 <- (a + c2) / n; w1 <- wilson(a + b, n); w2 <- wilson(a + c2, n)
  margins <- (a + b) * (c2 + d) * (a + c2) * (b + d)
  num <- a * d - b * c2; if (num > 0) num <- max(num - n / 2, 0)
  phi <- if (margins == 0) 0 else num / sqrt(margins)
  dl1 <- p1 - w1[1]; du1 <- w1[2] - p1; dl2 <- p2 - w2[1]; du2 <- w2[2] - p2
  add(name, "paired", "low", p1 - p2 - sqrt(dl1^2 - 2 * phi * dl1 * du2 + du2^2))
  add(name, "paired", "high", p1 - p2 + sqrt(du1^2 - 2 * phi * du1 * dl2 + dl2^2))
}

# Berkeley admissions by department: men against women.
admissions <- aperm(UCBAdmissions, c(2, 1, 3))
test <- mantelhaen.test(admissions, correct = FALSE)
add("ucb", "or", "", test$estimate); add("ucb", "or_low", "", test$conf.int[1])
add("ucb", "or_high", "", test$conf.int[2]); add("ucb", "cmh", "", test$statistic)
or <- test$estimate
bd <- 0; tarone <- c(0, 0)
for (k in 1:6) {
  t <- admissions[, , k]; n1 <- sum(t[1, ]); n2 <- sum(t[2, ]); m <- sum(t[, 1])
  f <- function(a) a * (n2 - m + a) - or * (m - a) * (n1 - a)
  a <- uniroot(f, c(max(0, m - n2), min(n1, m)), tol = 1e-13)$root
  v <- 1 / (1 / a + 1 / (m - a) + 1 / (n1 - a) + 1 / (n2 - m + a))
  bd <- bd + (t[1, 1] - a)^2 / v; tarone <- tarone + c(t[1, 1] - a, v)
}
add("ucb", "breslow_day", "", bd); add("ucb", "tarone", "", bd - tarone[1]^2 / tarone[2])
N <- apply(admissions, 3, sum); n1 <- apply(admissions[1, , ], 2, sum); n2 <- apply(admissions[2, , ], 2, sum)
x1 <- admissions[1, 1, ]; x2 <- admissions[2, 1, ]; w <- n1 * n2 / N
rd <- sum(w * (x1 / n1 - x2 / n2)) / sum(w)
P <- (n1^2 * x2 - n2^2 * x1 + n1 * n2 * (n2 - n1) / 2) / N^2
Q <- (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * N)
add("ucb", "rd", "", rd); add("ucb", "rd_se", "", sqrt((rd * sum(P) + sum(Q)) / sum(w)^2))
mix <- N / sum(N); s1 <- sum(mix * x1 / n1); s2 <- sum(mix * x2 / n2)
add("ucb", "standard", "male", s1); add("ucb", "standard", "female", s2)
add("ucb", "standard_se", "male", sqrt(sum(mix^2 * (x1 / n1) * (1 - x1 / n1) / n1)))
add("ucb", "standard_se", "female", sqrt(sum(mix^2 * (x2 / n2) * (1 - x2 / n2) / n2)))

# Scores: birth weights of smokers and others (ties), and a small set without ties.
sets <- list(birthwt = list(birthwt$bwt[birthwt$smoke == 1], birthwt$bwt[birthwt$smoke == 0]),
             small = list(c(1.1, 2.2, 7.3, 4.4, 9.6), c(0.5, 1.7, 2.6, 3.9, 4.1, 5.2, 6.35)))
for (name in names(sets)) {
  x <- sets[[name]][[1]]; y <- sets[[name]][[2]]
  t <- t.test(x, y)
  add(name, "welch", "estimate", mean(x) - mean(y)); add(name, "welch", "se", t$stderr)
  add(name, "welch", "t", t$statistic); add(name, "welch", "df", t$parameter)
  add(name, "welch", "p", t$p.value); add(name, "welch", "low", t$conf.int[1])
  add(name, "welch", "high", t$conf.int[2])
  w <- suppressWarnings(wilcox.test(x, y)); add(name, "wilcoxon", "w", w$statistic)
  add(name, "wilcoxon", "p", w$p.value)
  add(name, "hodges", "estimate", median(outer(x, y, "-")))
  sp <- sqrt(((length(x) - 1) * var(x) + (length(y) - 1) * var(y)) / (length(x) + length(y) - 2))
  add(name, "cohen", "estimate", (mean(x) - mean(y)) / sp)
  add(name, "cliff", "estimate", mean(sign(outer(x, y, "-"))))
}
exact <- wilcox.test(sets$small[[1]], sets$small[[2]], conf.int = TRUE)
add("small", "hodges", "low", exact$conf.int[1]); add("small", "hodges", "high", exact$conf.int[2])
groups <- list(birthwt$bwt[birthwt$race == 1], birthwt$bwt[birthwt$race == 2], birthwt$bwt[birthwt$race == 3])
k <- kruskal.test(groups); add("birthwt", "kruskal", "statistic", k$statistic); add("birthwt", "kruskal", "p", k$p.value)
chi <- chisq.test(table(birthwt$race, birthwt$low), correct = FALSE)
add("birthwt", "chi_groups", "statistic", chi$statistic); add("birthwt", "chi_groups", "p", chi$p.value)

# Trend: esoph by age group, and linear slopes on birthwt.
cases <- tapply(esoph$ncases, esoph$agegp, sum); total <- tapply(esoph$ncases + esoph$ncontrols, esoph$agegp, sum)
t <- prop.trend.test(cases, total)
add("esoph", "trend", "statistic", t$statistic); add("esoph", "trend", "p", t$p.value)
for (k in seq_along(cases)) { add("esoph", "cases", k, cases[k]); add("esoph", "total", k, total[k]) }
line <- lm(bwt ~ lwt, data = birthwt); X <- model.matrix(line)
add("birthwt", "slope", "estimate", coef(line)[2]); add("birthwt", "slope", "se", summary(line)$coefficients[2, 2])
h <- hatvalues(line); B <- solve(t(X) %*% X)
add("birthwt", "slope", "hc3", sqrt((B %*% (t(X) %*% (X * (residuals(line) / (1 - h))^2)) %*% B)[2, 2]))
i <- outer(birthwt$lwt, birthwt$lwt, "-"); j <- outer(birthwt$bwt, birthwt$bwt, "-")
add("birthwt", "theil_sen", "estimate", median((j / i)[lower.tri(i) & i != 0]))
con <- file(file.path(folder, "values.csv"), "w")
writeLines(paste0("# ", R.version.string, "; MASS ", packageVersion("MASS")), con)
values$value <- sprintf("%.17g", values$value)
write.csv(values, con, row.names = FALSE, quote = FALSE); close(con)
