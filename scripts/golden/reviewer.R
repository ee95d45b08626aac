# Rasch's model by conditional likelihood with Andersen's test (eRm), design effects (survey) and intraclass
# correlations (aov), Firth's estimate with the corrected intercept (brglm2, glm), components of covariances (prcomp).
# Writes Tests/SurveyStatsTests/Golden/reviewer/{rasch,design_effect,flic,covariance}.csv.
suppressPackageStartupMessages({library(eRm); library(survey); library(brglm2)})
folder <- "Tests/SurveyStatsTests/Golden/reviewer"
save <- function(name, rows, what) {
  file <- file(file.path(folder, paste0(name, ".csv")), "w")
  writeLines(paste0("# ", what, ", ", R.version.string), file)
  write.csv(rows, file, row.names = FALSE, quote = FALSE)
  close(file)
}
number <- function(x) format(x, digits = 17, trim = TRUE)
set.seed(1)
answers <- function(x) paste(apply(x, 1, function(r) paste(ifelse(is.na(r), "-", r), collapse = "")), collapse = "/")

n <- 120
difficulty <- seq(-1.5, 1.5, length.out = 6)
trait <- rnorm(n)
full <- outer(trait, difficulty, function(t, b) as.integer(runif(n * 6) < plogis(t - b)))
holes <- full
holes[cbind(sample(1:60, 40, TRUE), sample(1:3, 40, TRUE))] <- NA
rasch <- do.call(rbind, lapply(list(full = full, holes = holes), function(x) {
  colnames(x) <- paste0("i", 1:6)
  fit <- RM(x, se = TRUE, sum0 = TRUE)
  test <- if (anyNA(x)) NULL else LRtest(fit, splitcr = "median")
  group <- rep(c("a", "b", "c"), length.out = n)
  by <- if (anyNA(x)) NULL else LRtest(fit, splitcr = group)
  data.frame(quantity = c(paste0("difficulty", 1:6), paste0("error", 1:6), "loglik",
                          if (!is.null(test)) c("median", "df", "p", "groups", "groups_df", "groups_p")),
             value = number(c(-fit$betapar, fit$se.beta, fit$loglik,
                              if (!is.null(test)) c(test$LR, test$df, test$pvalue, by$LR, by$df, by$pvalue))),
             answers = c(answers(x), rep("", 12 + if (is.null(test)) 0 else 6)))
}))
rasch <- cbind(set = sub("\\..*", "", rownames(rasch)), rasch)
save("rasch", rasch, paste0("eRm::RM(sum0 = TRUE) and LRtest ", packageVersion("eRm")))

cluster <- c(rep(1:8, each = 5), rep(9:12, each = 2), 13)
level <- rnorm(13)
answer <- as.integer(runif(49) < plogis(level[cluster]))
weight <- round(runif(49, 0.5, 3), 2)
rows <- NULL
for (kind in c("clusters", "weights")) {
  data <- data.frame(answer, cluster, weight = if (kind == "clusters") 1 else weight)
  design <- svydesign(if (kind == "clusters") ~cluster else ~1, weights = ~weight, data = data)
  found <- svymean(~answer, design, deff = "replace")
  table <- summary(aov(answer ~ factor(cluster)))[[1]]
  sizes <- table(cluster)
  m0 <- (49 - sum(sizes^2) / 49) / 12
  icc <- (table[1, 3] - table[2, 3]) / (table[1, 3] + (m0 - 1) * table[2, 3])
  rows <- rbind(rows, data.frame(
    kind = kind, clusters = paste(cluster, collapse = "/"), answers = paste(answer, collapse = "/"),
    weights = paste(weight, collapse = "/"), mean = number(as.numeric(coef(found))),
    alike = number(as.numeric(SE(found))^2 / as.numeric(deff(found))), icc = number(icc)))
}
save("design_effect", rows, paste0("survey::svymean(deff = \"replace\") ", packageVersion("survey"), ", aov"))

x <- round(rnorm(40), 2)
y <- as.integer(runif(40) < plogis(-2.2 + 0.9 * x))
firth <- glm(y ~ x, family = binomial, method = "brglmFit", type = "AS_mean", epsilon = 1e-12)
offset <- coef(firth)[2] * x
shifted <- glm(y ~ offset(offset), family = binomial, epsilon = 1e-14)
p <- fitted(shifted)
X <- cbind(1, x)
error <- sqrt(solve(t(X) %*% (X * (p * (1 - p))))[1, 1])
save("flic", data.frame(x = paste(x, collapse = "/"), y = paste(y, collapse = ""),
                        intercept = number(coef(shifted)), error = number(error), slope = number(coef(firth)[2])),
     paste0("brglm2 ", packageVersion("brglm2"), ", glm with the slope as offset, the information at its fit"))

parts <- prcomp(full)
save("covariance", data.frame(component = 1:6, variance = number(parts$sdev^2), first = number(abs(parts$rotation[, 1]))),
     "prcomp of the complete answers of rasch.csv")
