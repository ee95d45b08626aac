# The peers in R: boot, psych, polycor and glm.fit. Rscript peers.R METHOD matrix.csv REPLICATES
arguments <- commandArgs(TRUE)
method <- arguments[1]
table <- read.csv(arguments[2], check.names = FALSE)
cells <- as.matrix(table[, startsWith(names(table), "category")])
replicates <- as.integer(arguments[3])
n <- nrow(cells)
p <- ncol(cells)
set.seed(1)

with_boot <- function() {
  yes <- ifelse(is.na(cells), 0, cells)
  applies <- 1 * !is.na(cells)
  member <- outer((seq_len(p) - 1) * min(14, p) %/% p, 0:13, "==") * 1
  score <- rowSums(yes) / pmax(1, rowSums(applies))
  statistic <- function(data, rows) {
    numerator <- colSums(yes[rows, , drop = FALSE])
    denominator <- colSums(applies[rows, , drop = FALSE])
    c(numerator / denominator, drop(numerator %*% member) / drop(denominator %*% member),
      mean(score[rows]))
  }
  function() boot::boot(seq_len(n), statistic, R = replicates)
}

with_polycor <- function() {
  for (i in 2:p) for (j in seq_len(i - 1)) polycor::polychor(table(cells[, i], cells[, j]))
}

with_glm <- function() {
  design <- model.matrix(~ year + type, table)
  function() for (replicate in seq_len(replicates)) {
    rows <- sample.int(n, n, TRUE)
    for (item in seq_len(p)) {
      answers <- cells[rows, item]
      kept <- !is.na(answers)
      glm.fit(design[rows[kept], ], answers[kept], family = binomial())
    }
  }
}

work <- switch(method,
  glm = with_glm(),
  boot = with_boot(),
  psych = function() psych::tetrachoric(cells, smooth = FALSE),
  polycor = with_polycor,
  "fa.parallel" = function() {
    normal <- matrix(rnorm(n * p), n, p)
    psych::fa.parallel(normal, n.iter = replicates, fa = "pc", plot = FALSE, sim = TRUE)
  }
)
options(mc.cores = 1)
packages <- c(boot = "boot", polycor = "polycor", psych = "psych", "fa.parallel" = "psych", glm = "stats")
invisible(loadNamespace(packages[[method]]))
start <- proc.time()
invisible(capture.output(suppressWarnings(suppressMessages(work()))))
elapsed <- proc.time() - start
cat(sum(elapsed[c(1, 2, 4, 5)]), "\n")
