# Limits of the change of a rate and of a mean between two states of a corpus that share papers.
#
# A case is the yes answers and the papers that only the earlier state has (e), that only the later
# one has (l), and the papers in both by their two answers: yes twice, yes then no, no then yes, no
# twice. Limits of every part are those of prop.test without continuity correction (Wilson), those of
# means are t.test's; they are put together as in Zou, Huang & Zhang (2009), and where answers of
# papers in both changed with the correlation of the answers as in Newcombe (1998), method 8.
#
# Run from the root of the repository: Rscript scripts/golden/changes.R

text <- function(x) sprintf("%.17g", x)

wilson <- function(x, n) {
  as.numeric(suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int)
}

# Distances to the limits of coefficient * rate: below and above.
distances <- function(coefficient, x, n) {
  limits <- sort(coefficient * wilson(x, n))
  c(coefficient * x / n - limits[1], limits[2] - coefficient * x / n)
}

change <- function(xe, ne, xl, nl, both) {
  names(both) <- c("yy", "yn", "ny", "nn")
  nb <- sum(both)
  n1 <- ne + nb
  n2 <- nl + nb
  old <- both["yy"] + both["yn"]
  new <- both["yy"] + both["ny"]
  squares <- c(0, 0)
  if (ne > 0) squares <- squares + distances(-ne / n1, xe, ne)^2
  if (nl > 0) squares <- squares + distances(nl / n2, xl, nl)^2
  if (nb > 0 && both["yn"] + both["ny"] == 0) {
    squares <- squares + distances(nb / n2 - nb / n1, old, nb)^2
  } else if (nb > 0) {
    first <- rep(c(1, 1, 0, 0), both)
    second <- rep(c(1, 0, 1, 0), both)
    phi <- suppressWarnings(cor(first, second))
    if (is.na(phi)) phi <- 0
    a <- distances(nb / n2, new, nb)
    b <- distances(nb / n1, old, nb)
    squares <- squares + c(a[1]^2 - 2 * phi * a[1] * b[2] + b[2]^2,
                           a[2]^2 - 2 * phi * a[2] * b[1] + b[1]^2)
  }
  estimate <- (xl + new) / n2 - (xe + old) / n1
  as.numeric(c(estimate, estimate - sqrt(squares[1]), estimate + sqrt(squares[2])))
}

cases <- list(
  "none shared three of three" = list(416, 690, 3, 3, c(0, 0, 0, 0)),
  "none shared none of three" = list(200, 690, 0, 3, c(0, 0, 0, 0)),
  "40 of 40 all shared to 990 of 998" = list(0, 0, 950, 958, c(40, 0, 0, 0)),
  "three removed five added" = list(1, 3, 0, 5, c(30, 0, 0, 40)),
  "all shared some changed" = list(0, 0, 0, 0, c(30, 4, 9, 57)),
  "all shared all yes before" = list(0, 0, 0, 0, c(18, 2, 0, 0)),
  "removed added and changed" = list(4, 10, 16, 20, c(12, 3, 1, 24))
)

mean_change <- function(left, joined, old, new) {
  n1 <- length(left) + length(old)
  n2 <- length(joined) + length(new)
  parts <- list(-left / n1, joined / n2, new / n2 - old / n1)
  squares <- 0
  for (part in parts) if (length(part) > 1) {
    squares <- squares + (length(part) * diff(t.test(part)$conf.int) / 2)^2
  }
  estimate <- mean(c(joined, new)) - mean(c(left, old))
  c(estimate, estimate - sqrt(squares), estimate + sqrt(squares))
}

path <- "Tests/SurveyStatsTests/Golden/comparison/changes.csv"
connection <- file(path, "w")
writeLines(c(paste("#", R.version.string, "stats", packageVersion("stats")),
             "case,xe,ne,xl,nl,yy,yn,ny,nn,estimate,low,high"), connection)
for (name in names(cases)) {
  case <- cases[[name]]
  writeLines(paste(c(name, unlist(case), text(do.call(change, case))),
                   collapse = ","), connection)
}
none <- numeric(0)
means <- list(
  "mean none shared" = mean_change(c(40, 55, 61, 38, 70), c(44, 59.5, 66), none, none),
  "mean all changed" = mean_change(none, c(40, 52), c(50, 61, 33, 48), c(55, 60, 41, 47))
)
means[["mean of three"]] <- with(t.test(c(44, 59.5, 66)), c(estimate, conf.int))
for (name in names(means)) {
  writeLines(paste(c(name, rep(0, 8), text(means[[name]])), collapse = ","),
             connection)
}
close(connection)
