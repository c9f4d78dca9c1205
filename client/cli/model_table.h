#ifndef RIDGELINE_CLIENT_CLI_MODEL_TABLE_H_
#define RIDGELINE_CLIENT_CLI_MODEL_TABLE_H_

#include <string>

#include "client/cli/table.h"
#include "ridgeline/v1/model.pb.h"

namespace ridgeline {

/// Adds a model's properties, one a row, to a table of properties.
void AddModelProperties(const v1::Model& model, Table& table);

/// A training in one line, e.g. "RUNNING TRAINING 3/10  objective 1234.5  2s left".
std::string DescribeTraining(const v1::Training& training);

/// An experiment in one line, e.g. "july: v000004 answers 10% of the users, v000003 the others".
std::string DescribeExperiment(const v1::Experiment& experiment);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_MODEL_TABLE_H_
