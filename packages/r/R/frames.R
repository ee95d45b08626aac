# Data frames to CSV and back.

# Writes a data frame to a file. The texts "NA" (does not apply) and "" (never asked) stay as they are;
# NA of R is written as `missing` says.
write_frame <- function(frame, file, missing) {
  text <- switch(missing, absent = "", na = "NA",
                 stop("missing is \"absent\" (never asked) or \"na\" (does not apply), not ",
                      dQuote(missing, FALSE), call. = FALSE))
  quoted <- function(texts) {
    paste0("\"", gsub("\"", "\"\"", enc2utf8(texts), fixed = TRUE, useBytes = TRUE), "\"")
  }
  columns <- lapply(unclass(frame), function(column) {
    cells <- if (is.numeric(column) && !is.factor(column)) {
      vapply(column, number_text, "")
    } else {
      quoted(as.character(column))
    }
    ifelse(is.na(column), text, cells)
  })
  rows <- do.call(paste, c(unname(columns), sep = ","))
  # As bytes, whatever the locale.
  connection <- file(file, "wb")
  on.exit(close(connection))
  writeLines(c(paste(quoted(names(frame)), collapse = ","), rows), connection, useBytes = TRUE)
}

# A number in as few digits as read back exactly.
number_text <- function(value) {
  if (is.na(value)) return("NA")
  text <- formatC(value, digits = 15, format = "g", width = 1)
  if (as.numeric(text) == value) text else formatC(value, digits = 17, format = "g", width = 1)
}

# A data frame of the program's CSV. Cells of a matrix stay the texts that they are; otherwise NA is
# missing, and columns of numbers are numeric.
read_frame <- function(lines, as_text) {
  if (!any(nzchar(lines))) return(data.frame())
  frame <- read.csv(text = lines, check.names = FALSE, colClasses = "character",
                    na.strings = if (as_text) character(0) else "NA", encoding = "UTF-8",
                    blank.lines.skip = FALSE)
  if (as_text) {
    class(frame) <- c("metastat_matrix", "data.frame")
    return(frame)
  }
  frame[] <- lapply(frame, typed)
  frame
}

# A column as numbers, if they are.
typed <- function(column) {
  there <- column[!is.na(column)]
  is_number <- "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
  if (length(there) == 0 || !all(grepl(is_number, there))) return(column)
  numbers <- as.numeric(column)
  whole <- all(grepl("^[+-]?[0-9]+$", there)) && max(abs(numbers), na.rm = TRUE) < 2^31
  if (whole) as.integer(numbers) else numbers
}

states <- function(cells) {
  if (is.data.frame(cells)) {
    cells[] <- lapply(cells, states)
    class(cells) <- "data.frame"
    return(cells)
  }
  names <- c("yes", "no", "does not apply", "never asked")
  factor(names[match(as.character(cells), c("1", "0", "NA", ""))], levels = names)
}
