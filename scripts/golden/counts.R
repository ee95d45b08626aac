# Reference values for quasi-Poisson regressions. Run from the root of the repository:
#   Rscript scripts/golden/counts.R
# Base R only; the clustered errors are the sandwich of the sums of scores, times G/(G - 1).
folder <- "Tests/SurveyStatsTests/Golden/counts"
write <- function(frame, name) {
  con <- file(file.path(folder, name), "w")
  writeLines(paste0("# ", R.version.string), con)
  out <- as.data.frame(lapply(frame, function(x) if (is.double(x)) sprintf("%.17g", x) else x))
  names(out) <- names(frame)
  write.csv(out, con, row.names = FALSE, quote = FALSE)
  close(con)
}
data <- warpbreaks
data$cluster <- rep(1:9, 6)
write(data, "warpbreaks.csv")
fit <- glm(breaks ~ relevel(wool, "A") + relevel(tension, "L"), family = quasipoisson, data = data,
           control = glm.control(epsilon = 1e-14, maxit = 100))
table <- coef(summary(fit))
x <- model.matrix(fit)
bread <- solve(t(x) %*% (x * fitted(fit)))
scores <- rowsum(x * (data$breaks - fitted(fit)), data$cluster)
clustered <- sqrt(diag(bread %*% crossprod(scores) %*% bread) * 9 / 8)
write(data.frame(term = c("(Intercept)", "wool[B]", "tension[M]", "tension[H]"),
                 estimate = table[, 1], std_error = table[, 2], p_value = table[, 4],
                 clustered = clustered, dispersion = summary(fit)$dispersion), "quasipoisson.csv")
