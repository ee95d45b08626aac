# Reference values of association, correlation matrices, clustering and components.
# Run from the root of the repository: Rscript scripts/golden/correlation.R
suppressPackageStartupMessages({
  library(psych); library(psychTools); library(Matrix); library(corpcor)
  library(lavaan); library(seriation)
})
folder <- "Tests/SurveyStatsTests/Golden/correlation"
version <- function(...) paste(vapply(c(...), function(p) paste(p, packageVersion(p)), ""),
                               collapse = ", ")
keep <- function(table, name, source) {
  path <- file.path(folder, paste0(name, ".csv"))
  writeLines(paste("#", source, "-", R.version.string), path)
  numeric <- vapply(table, is.double, TRUE)
  table[numeric] <- lapply(table[numeric], function(x) sprintf("%.17g", x))
  for (column in names(table)) table[[column]][table[[column]] == "NA"] <- NA
  suppressWarnings(write.table(table, path, sep = ",", row.names = FALSE, quote = FALSE,
                               append = TRUE, na = "NA"))
}
long <- function(m, names = colnames(m)) {
  lower <- which(upper.tri(m), arr.ind = TRUE)
  data.frame(a = names[lower[, 1]], b = names[lower[, 2]], value = m[lower])
}
square <- function(m) { d <- as.data.frame(m); names(d) <- paste0("v", seq_along(d)); d }

# Data: public, binary, with and without missing cells.
ability <- psychTools::ability
keep(as.data.frame(ability), "ability", paste("psychTools::ability (ICAR);", version("psychTools")))
lsat6 <- psych::lsat6
keep(as.data.frame(lsat6), "lsat6", paste("psych::lsat6 (Bock & Lieberman 1970);", version("psych")))
blot <- psychTools::blot
keep(as.data.frame(blot), "blot", paste("psychTools::blot (Bond's logical operations test);",
                                        version("psychTools")))
burt <- psychTools::burt
keep(square(burt), "burt", paste("psychTools::burt (not positive definite);", version("psychTools")))

# Adjusted p-values.
p <- c(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
       0.5719, 0.6528, 0.7590, 1, 0.0201, 0.3240)
methods <- c("none", "bonferroni", "holm", "hochberg", "hommel", "BH", "BY")
keep(do.call(rbind, lapply(methods, function(m)
  data.frame(method = tolower(m), p = p, adjusted = p.adjust(p, m)))),
  "adjusted_p_values", "p-values of Benjamini & Hochberg (1995, table 1) with ties; stats::p.adjust")

# Repair of matrices that are not positive definite.
pairwise <- cor(blot, use = "pairwise")
indefinite <- suppressWarnings(tetrachoric(blot, smooth = FALSE)$rho)
indefinite <- round(indefinite, 6)
keep(square(indefinite), "blot_tetrachoric",
     paste("psych::tetrachoric(blot, smooth = FALSE), rounded;", version("psych")))
near <- function(m) as.matrix(nearPD(m, corr = TRUE, maxit = 100000, eig.tol = 1e-15,
  conv.tol = 1e-15, posd.tol = 1e-15, do2eigen = FALSE)$mat)
keep(square(near(burt)), "burt_nearest", paste("Matrix::nearPD(conv.tol = 1e-15);", version("Matrix")))
keep(square(near(indefinite)), "blot_nearest",
     paste("Matrix::nearPD(conv.tol = 1e-15);", version("Matrix")))
keep(square(suppressWarnings(cor.smooth(burt))), "burt_smoothed",
     paste("psych::cor.smooth;", version("psych")))
keep(data.frame(data = c("lsat6", "blot", "ability_first_30"),
  intensity = c(estimate.lambda(as.matrix(lsat6), verbose = FALSE),
                estimate.lambda(as.matrix(blot), verbose = FALSE),
                estimate.lambda(as.matrix(na.omit(ability)[1:30, ]), verbose = FALSE))),
  "shrinkage", paste("corpcor::estimate.lambda;", version("corpcor")))

# Clustering.
r <- cor(ability, use = "pairwise")
methods <- c(average = "average", complete = "complete", single = "single", ward = "ward.D2")
trees <- lapply(methods, function(m) hclust(as.dist(1 - r), m))
keep(do.call(rbind, lapply(names(methods), function(m) data.frame(linkage = m,
  step = 1:15, height = trees[[m]]$height))), "clustering_heights", "stats::hclust of 1 - cor(ability)")
keep(do.call(rbind, lapply(names(methods), function(m) data.frame(linkage = m,
  term = colnames(r), two = cutree(trees[[m]], 2), four = cutree(trees[[m]], 4)))),
  "clustering_members", "stats::cutree of 1 - cor(ability)")
path <- function(d, o) sum(d[cbind(o[-1], o[-length(o)])])
keep(do.call(rbind, lapply(names(methods), function(m) {
  d <- as.matrix(1 - r)
  data.frame(linkage = m, length = path(d, reorder(trees[[m]], as.dist(1 - r), method = "OLO")$order))
})), "clustering_path", paste("seriation OLO of 1 - cor(ability);", version("seriation")))

# Components.
complete <- na.omit(ability)
fit <- prcomp(complete, scale. = TRUE)
keep(data.frame(component = 1:16, eigenvalue = fit$sdev^2, pairwise = eigen(r)$values),
     "components_eigenvalues", "stats::prcomp(na.omit(ability), scale.) and eigen(pairwise cor)")
sign <- ifelse(colSums(fit$rotation) < 0, -1, 1)
keep(square(sweep(fit$rotation, 2, sign * fit$sdev, "*")[, 1:4]), "components_loadings",
     "stats::prcomp(na.omit(ability), scale.), rotation times sdev, column sums positive")
keep(square(sweep(fit$x, 2, sign, "*")[1:50, 1:4]), "components_scores",
     "stats::prcomp(na.omit(ability), scale.)$x, first 50 papers")
fourth <- function(x) {
  e <- eigen(x); comp <- e$vectors %*% diag(sqrt(e$values)); n <- ncol(x)
  c(sum((x - diag(n))^4), vapply(1:(n - 1), function(i) {
    rest <- x - comp[, 1:i] %*% t(comp[, 1:i])
    d <- diag(1 / sqrt(diag(rest))); s <- d %*% rest %*% d; diag(s) <- 0; sum(s^4)
  }, 0)) / (n * (n - 1))
}
pdf(NULL)
keep(data.frame(components = 0:15,
  squared = c(sum((r - diag(16))^2) / 240, suppressWarnings(vss(r, n = 15, n.obs = 1525, plot = FALSE, fm = "pc"))$map),
  fourth = fourth(r)), "minimum_average_partial",
  paste("psych::vss map of cor(ability) and Velicer, Eaton & Fava (2000) by hand;", version("psych")))

# Tests of independence in a 2x2 table.
tables <- rbind(c(40, 10, 20, 30), c(5, 25, 30, 40), c(30, 30, 30, 30), c(1, 2, 3, 4), c(3, 1, 1, 3),
  c(100, 1, 1, 100), c(1, 99, 1, 9899), c(7, 3, 2, 988), c(0, 10, 10, 0), c(10, 0, 3, 7),
  c(2, 50, 50, 1), c(1, 1, 1, 100000), c(15, 2, 400, 1), c(8, 8, 8, 100), c(600, 5, 6, 99389),
  c(12, 300, 4, 300), c(0, 3, 20, 5), c(4, 0, 0, 1))
keep(data.frame(n11 = tables[, 1], n10 = tables[, 2], n01 = tables[, 3], n00 = tables[, 4],
  chi_square = apply(tables, 1, function(t)
    suppressWarnings(chisq.test(matrix(t, 2), correct = FALSE)$p.value)),
  fisher = apply(tables, 1, function(t) fisher.test(matrix(t, 2))$p.value)),
  "independence", "stats::chisq.test(correct = FALSE), stats::fisher.test")

# Item correlations, pairwise-complete, with the tests of the pair.
r <- cor(ability, use = "pairwise")
items <- list()
for (i in 1:15) for (j in (i + 1):16) {
  t <- table(factor(ability[, i], 1:0), factor(ability[, j], 1:0))
  items[[length(items) + 1]] <- data.frame(a = colnames(ability)[i], b = colnames(ability)[j],
    n = sum(t), n11 = t[1, 1], n10 = t[1, 2], n01 = t[2, 1], n00 = t[2, 2],
    phi = r[i, j], yule_q = Yule(t), yule_y = Yule(t, Y = TRUE),
    p_value = chisq.test(t, correct = FALSE)$p.value)
}
items <- do.call(rbind, items)
items$p_holm <- p.adjust(items$p_value, "holm")
keep(items, "ability_pairs", paste("stats::cor, psych::Yule, stats::chisq.test;", version("psych")))

# Tetrachoric correlations of complete data by three packages.
capture.output({
  byLavaan <- unclass(lavCor(as.data.frame(lsat6), ordered = colnames(lsat6)))
  fitted <- suppressWarnings(tetrachoric(lsat6, correct = 0)$rho)
})
pairs <- long(fitted)
pairs$lavaan <- byLavaan[upper.tri(byLavaan)]
polycor <- mapply(function(a, b) {
  fit <- polycor::polychor(table(lsat6[, a], lsat6[, b]), ML = TRUE, std.err = TRUE)
  c(fit$rho, sqrt(fit$var[1, 1]))
}, pairs$a, pairs$b)
pairs$polycor <- polycor[1, ]
pairs$polycor_error <- polycor[2, ]
keep(pairs, "lsat6_tetrachoric",
     paste("psych::tetrachoric(correct = 0), lavaan::lavCor, polycor::polychor(ML);",
           version("psych", "lavaan", "polycor")))

# Correlations of scores with ties and missing values.
air <- airquality[, c("Ozone", "Solar.R", "Wind", "Temp")]
keep(air, "airquality", "datasets::airquality")
keep(longley, "longley", "datasets::longley")
scores <- list()
for (data in c("airquality", "longley")) {
  d <- if (data == "longley") longley else air
  for (i in 1:(ncol(d) - 1)) for (j in (i + 1):ncol(d)) for (m in c("pearson", "spearman", "kendall")) {
    test <- suppressWarnings(cor.test(d[, i], d[, j], method = m, continuity = FALSE,
      exact = if (m == "spearman") FALSE))
    ok <- sum(complete.cases(d[, c(i, j)]))
    scores[[length(scores) + 1]] <- data.frame(data = data, a = names(d)[i], b = names(d)[j],
      coefficient = m, n = ok, estimate = unname(test$estimate), p_value = test$p.value,
      low = if (m == "pearson") test$conf.int[1] else NA,
      high = if (m == "pearson") test$conf.int[2] else NA,
      std_error = if (m == "pearson") sqrt((1 - unname(test$estimate)^2) / (ok - 2)) else NA)
  }
}
keep(do.call(rbind, scores), "scores", "stats::cor.test (Spearman with exact = FALSE)")

# Partial correlations.
keep(square(partial.r(cor(na.omit(ability)))), "ability_partial", paste("psych::partial.r;", version("psych")))

# Probabilistic components of incomplete data: maximum of the observed-data likelihood.
incomplete <- as.matrix(air)
standard <- scale(incomplete, center = colMeans(incomplete, na.rm = TRUE),
  scale = apply(incomplete, 2, function(x) sqrt(mean((x - mean(x, na.rm = TRUE))^2, na.rm = TRUE))))
negative <- function(t) {
  w <- t[1:4]; m <- t[5:8]; s <- exp(t[9]); sigma <- w %*% t(w) + diag(s, 4); total <- 0
  for (i in seq_len(nrow(standard))) {
    o <- !is.na(standard[i, ]); d <- standard[i, o] - m[o]; v <- sigma[o, o, drop = FALSE]
    total <- total + determinant(v)$modulus + sum(d * solve(v, d))
  }
  as.numeric(total) / 2
}
best <- optim(c(0.8, 0.5, -0.8, 0.8, rep(0, 4), log(0.5)), negative, method = "BFGS",
              control = list(maxit = 1000, reltol = 1e-15))
best <- optim(best$par, negative, method = "BFGS", control = list(maxit = 1000, reltol = 1e-16))
w <- best$par[1:4]
keep(data.frame(term = colnames(air), weight = w * sign(sum(w)), mean = best$par[5:8],
  noise = exp(best$par[9]), deviance = 2 * best$value), "probabilistic_component",
  "stats::optim of the likelihood of one probabilistic component, standardised airquality")

# Reference eigenvalues of parallel analysis by brute force.
set.seed(20)
brute <- function(n, p, sets = 20000) t(replicate(sets,
  eigen(cor(matrix(rnorm(n * p), n)), TRUE, only.values = TRUE)$values))
first <- brute(100, 6)
few <- brute(5, 8, 5000)
permuted <- t(replicate(4000, {
  shuffled <- apply(ability[1:300, 1:8], 2, function(x) {
    ok <- which(!is.na(x)); x[ok] <- x[sample(ok)]; x
  })
  eigen(cor(shuffled, use = "pairwise"), TRUE, only.values = TRUE)$values
}))
summarise <- function(name, e) data.frame(data = name, component = seq_len(ncol(e)),
  mean = colMeans(e), quantile = apply(e, 2, quantile, 0.95), deviation = apply(e, 2, sd),
  sets = nrow(e))
keep(rbind(summarise("normal_100_6", first), summarise("normal_5_8", few),
  summarise("ability_300_8", permuted)), "parallel_analysis",
  "20,000, 5,000 and 4,000 simulated sets, set.seed(20)")
