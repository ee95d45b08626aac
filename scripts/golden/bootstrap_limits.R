# Bootstrap limits of R's boot on fixed replicates, and Korn-Graubard limits of survey.
#
# The replicates come from a linear congruential generator that is easy to repeat in any language:
# x <- (1103515245 x + 12345) mod 2^31, u = (x + 0.5) / 2^31. Five sets of B replicates:
#   uniform     t* = u
#   skewed      t* = -log(1 - u)
#   discrete    t* = floor(20 u^2) / 20, many ties
#   lattice     t* = round(100 (u1 + u2 + u3) / 3) / 100
#   proportion  t* = (u1 + u2) / 2, with standard errors sqrt(t (1 - t) / 50), for the t intervals
#
# Run from the root of the repository: Rscript scripts/golden/bootstrap_limits.R

suppressMessages({library(boot); library(survey)})
text <- function(x) sprintf("%.17g", x)
folder <- "Tests/SurveyStatsTests/Golden/numerics/"

uniforms <- function(count, seed) {
  state <- seed
  result <- numeric(count)
  for (i in seq_len(count)) {
    # The product exceeds 2^53, so the multiplier is split.
    high <- (16838 * state) %% 2^31
    state <- ((high * 65536) %% 2^31 + 20077 * state + 12345) %% 2^31
    result[i] <- (state + 0.5) / 2^31
  }
  result
}
stopifnot(16838 * 65536 + 20077 == 1103515245)

sets <- function(B, seed) {
  u <- uniforms(3 * B, seed)
  first <- u[1:B]; second <- u[B + 1:B]; third <- u[2 * B + 1:B]
  list(uniform = first, skewed = -log(1 - first), discrete = floor(20 * first^2) / 20,
       lattice = round(100 * (first + second + third) / 3) / 100,
       proportion = (first + second) / 2)
}
L <- c(-3, -1.5, -0.25, 0, 0.5, 0.75, 1, 2.5)  # influence values, sum zero
estimates <- c(uniform = 0.48, skewed = 0.9, discrete = 0.3, lattice = 0.5, proportion = 0.45)

lines <- c(paste("#", R.version.string, "boot", packageVersion("boot"), "boot.ci(t0=, t=, L=)"),
           "set,replicates,seed,level,estimate,method,lower,upper")
for (B in c(99, 999, 1999)) for (level in c(0.8, 0.95, 0.99)) {
  all <- sets(B, seed = B + 17)
  for (name in names(all)) {
    t <- all[[name]]
    t0 <- estimates[[name]]
    shell <- list(R = B, t0 = t0, t = matrix(t), call = NULL, sim = "ordinary")
    class(shell) <- "boot"
    attr(shell, "boot_type") <- "boot"
    ci <- suppressWarnings(boot.ci(shell, conf = level, t0 = t0, t = t, L = L,
                                   type = c("norm", "basic", "perc", "bca")))
    add <- function(method, limits) lines <<- c(lines, paste(
      name, B, B + 17, level, text(t0), method, text(limits[1]), text(limits[2]), sep = ","))
    add("normal", ci$normal[2:3])
    add("basic", ci$basic[4:5])
    add("percentile", ci$percent[4:5])
    add("bca", ci$bca[4:5])
    if (name == "proportion") {
      variance <- t * (1 - t) / 50
      stud <- function(...) suppressWarnings(boot.ci(
        shell, conf = level, t0 = t0, t = t, var.t0 = t0 * (1 - t0) / 50, var.t = variance,
        index = 1:2, type = "stud", ...))$student[4:5]
      add("studentized", stud())
      add("studentized_logit", stud(h = qlogis, hdot = function(p) 1 / (p * (1 - p)),
                                    hinv = plogis))
    }
  }
}
writeLines(lines, paste0(folder, "bootstrap_limits.csv"))

# Korn-Graubard: clusters of 1 to 6 papers; each cluster has its own rate.
lines <- c(paste("#", R.version.string, "survey", packageVersion("survey"),
                 "svyciprop(method = \"beta\")"),
           "proportion,standard_error,trials,clusters,level,lower,upper")
for (clusters in c(5, 12, 40)) {
  u <- uniforms(clusters * 8, 5 + clusters)
  data <- do.call(rbind, lapply(seq_len(clusters), function(g) {
    size <- 1 + (g * 7) %% 6
    rate <- u[8 * g - 7]
    data.frame(g = g, x = as.numeric(u[8 * g - 6 + seq_len(size) - 1] < rate))
  }))
  design <- svydesign(ids = ~g, weights = rep(1, nrow(data)), data = data)
  for (level in c(0.9, 0.95)) {
    result <- svyciprop(~x, design, method = "beta", level = level)
    p <- as.numeric(result)
    se <- sqrt(as.numeric(attr(result, "var")))
    limits <- as.numeric(attr(result, "ci"))
    stopifnot(p * (1 - p) / se^2 < nrow(data))  # else the cap at n makes a difference
    lines <- c(lines, paste(text(p), text(se), nrow(data), clusters, level, text(limits[1]),
                            text(limits[2]), sep = ","))
  }
}
writeLines(lines, paste0(folder, "korn_graubard.csv"))
