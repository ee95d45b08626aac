# Every command of the program as a function.

metastat_commands <- function() {
  c("check", "import", "matrix", "rates", "scores", "patterns", "claims", "citations", "classes",
    "stability", "correlate", "pca", "factor", "irt", "logit", "trend", "compare", "agree", "meta",
    "report", "explore", "simulate", "merge", "glossary", "bench")
}

metastat <- function(command, ..., missing = "absent", quiet = FALSE) {
  values <- list(...)
  given <- if (is.null(names(values))) rep("", length(values)) else names(values)
  inputs <- values[given == ""]
  options <- values[given != ""]
  files <- character(0)
  on.exit(unlink(files))
  place <- function(frame) {
    file <- tempfile("metastat-input-", fileext = ".csv")
    files <<- c(files, file)
    write_frame(frame, file, missing)
    file
  }

  # The first data frame is piped; others are files for as long as the call takes.
  piped <- NULL
  words <- character(0)
  for (value in inputs) {
    if (!is.data.frame(value)) {
      words <- c(words, path.expand(as.character(value)))
    } else if (is.null(piped)) {
      piped <- place(value)
      words <- c(words, "-")
    } else {
      words <- c(words, place(value))
    }
  }
  arguments <- command
  for (name in names(options)) {
    value <- options[[name]]
    option <- paste0("--", gsub("[._]", "-", name))
    if (isTRUE(value)) {
      arguments <- c(arguments, option)
    } else if (is.data.frame(value)) {
      arguments <- c(arguments, paste0(option, "=", place(value)))
    } else if (!is.null(value) && !isFALSE(value)) {
      texts <- if (is.numeric(value)) vapply(value, number_text, "") else as.character(value)
      arguments <- c(arguments, paste0(option, "=", texts))
    }
  }
  folder <- options[["output"]]
  is_report <- command == "report" && is.null(options[["snippet"]])
  if (is_report && is.null(folder)) {
    folder <- file.path(tempfile("metastat-"), "report")
    dir.create(dirname(folder))
    arguments <- c(arguments, paste0("--output=", folder))
  }
  if (length(words) > 0) arguments <- c(arguments, "--", words)
  done <- run_program(arguments, piped, sys.call())
  if (!quiet) for (note in done$notes) message("metastat: ", note)

  if (is_report) return(read_report(folder))
  if (!is.null(folder) && !any(nzchar(done$output))) return(invisible(NULL))
  format <- options[["format"]]
  if (!is.null(options[["snippet"]]) || (!is.null(format) && format != "csv") ||
        identical(options[["table"]], "recipe")) {
    return(paste(done$output, collapse = "\n"))
  }
  table <- options[["table"]]
  is_matrix <- command %in% c("import", "simulate", "merge") ||
    (command == "matrix" && (is.null(table) || table %in% c("matrix", "long")))
  frame <- read_frame(done$output, is_matrix)
  attr(frame, "notes") <- done$notes
  frame
}

check <- function(..., missing = "absent", quiet = FALSE) {
  metastat("check", ..., missing = missing, quiet = quiet)
}

import <- function(..., missing = "absent", quiet = FALSE) {
  metastat("import", ..., missing = missing, quiet = quiet)
}

answer_matrix <- function(..., missing = "absent", quiet = FALSE) {
  metastat("matrix", ..., missing = missing, quiet = quiet)
}

rates <- function(..., missing = "absent", quiet = FALSE) {
  metastat("rates", ..., missing = missing, quiet = quiet)
}

scores <- function(..., missing = "absent", quiet = FALSE) {
  metastat("scores", ..., missing = missing, quiet = quiet)
}

patterns <- function(..., missing = "absent", quiet = FALSE) {
  metastat("patterns", ..., missing = missing, quiet = quiet)
}

claims <- function(..., missing = "absent", quiet = FALSE) {
  metastat("claims", ..., missing = missing, quiet = quiet)
}

citations <- function(..., missing = "absent", quiet = FALSE) {
  metastat("citations", ..., missing = missing, quiet = quiet)
}

classes <- function(..., missing = "absent", quiet = FALSE) {
  metastat("classes", ..., missing = missing, quiet = quiet)
}

stability <- function(..., missing = "absent", quiet = FALSE) {
  metastat("stability", ..., missing = missing, quiet = quiet)
}

correlate <- function(..., missing = "absent", quiet = FALSE) {
  metastat("correlate", ..., missing = missing, quiet = quiet)
}

pca <- function(..., missing = "absent", quiet = FALSE) {
  metastat("pca", ..., missing = missing, quiet = quiet)
}

factors <- function(..., missing = "absent", quiet = FALSE) {
  metastat("factor", ..., missing = missing, quiet = quiet)
}

irt <- function(..., missing = "absent", quiet = FALSE) {
  metastat("irt", ..., missing = missing, quiet = quiet)
}

logit <- function(..., missing = "absent", quiet = FALSE) {
  metastat("logit", ..., missing = missing, quiet = quiet)
}

trend <- function(..., missing = "absent", quiet = FALSE) {
  metastat("trend", ..., missing = missing, quiet = quiet)
}

compare <- function(..., missing = "absent", quiet = FALSE) {
  metastat("compare", ..., missing = missing, quiet = quiet)
}

agree <- function(..., missing = "absent", quiet = FALSE) {
  metastat("agree", ..., missing = missing, quiet = quiet)
}

meta <- function(..., missing = "absent", quiet = FALSE) {
  metastat("meta", ..., missing = missing, quiet = quiet)
}

report <- function(..., missing = "absent", quiet = FALSE) {
  metastat("report", ..., missing = missing, quiet = quiet)
}

explore <- function(..., missing = "absent", quiet = FALSE) {
  metastat("explore", ..., missing = missing, quiet = quiet)
}

simulate_corpus <- function(..., missing = "absent", quiet = FALSE) {
  metastat("simulate", ..., missing = missing, quiet = quiet)
}

merge_parts <- function(..., missing = "absent", quiet = FALSE) {
  metastat("merge", ..., missing = missing, quiet = quiet)
}

glossary <- function(..., missing = "absent", quiet = FALSE) {
  metastat("glossary", ..., missing = missing, quiet = quiet)
}

bench <- function(..., missing = "absent", quiet = FALSE) {
  metastat("bench", ..., missing = missing, quiet = quiet)
}
